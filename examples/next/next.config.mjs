// Says to look for packages in this folder, and not in one above it.
export default { turbopack: { root: import.meta.dirname } }
