/** The bar, as a mark: what is there, what is on its way, and what is still to come. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 6" width="48" height="9" aria-hidden="true">
      <path className="mark-there" d="M0 0h11v6H0zm13 0h5v6h-5z" />
      <path className="mark-moving" d="M18 0h5v6h-5z" />
    </svg>
  )
}
