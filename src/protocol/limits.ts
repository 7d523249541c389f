/**
 * Most bytes in one Upload: 8 GiB.
 * Source: the API reference says "8 GB" without naming the unit, so the larger reading is the cap.
 */
export const MAX_UPLOAD_BYTES: number = 8 * 2 ** 30

/** Bytes above which the API may read "8 GB" as decimal and refuse; the kit warns from here on. */
export const DECIMAL_MAX_UPLOAD_BYTES: number = 8e9

/**
 * Most bytes in one Part: 64 MiB.
 * Source: "64 MB" in the reference; OpenAI's Python client sends 67,108,864-byte parts by default.
 */
export const MAX_PART_BYTES: number = 64 * 2 ** 20

/** Smallest part size (bytes) the kit goes down to when a server refuses larger ones. */
export const MIN_PART_BYTES: number = 256 * 2 ** 10

/** Part size in bytes to begin with: passes the 4.5 MB body limit of serverless platforms. */
export const DEFAULT_PART_BYTES: number = 4 * 2 ** 20

/** An Upload lives this long after create, in seconds, and is never extended. Source: recorded answers. */
export const UPLOAD_LIFETIME_SECONDS = 3600

/** Bounds of `expires_after.seconds`: one hour to thirty days. Source: the API's specification. */
export const EXPIRES_AFTER_SECONDS: { readonly min: 3600; readonly max: 2592000 } = { min: 3600, max: 2592000 }

/** Most bytes of an upload's metadata once it is JSON. */
export const MAX_METADATA_BYTES = 4096
