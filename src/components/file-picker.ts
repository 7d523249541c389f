/** Opens the browser's file picker; has to be called from a press. The input is a tool and never in the page. */
export function pickFiles(
  options: { accept: string; multiple: boolean; capture?: string | undefined },
  onPick: (files: readonly File[]) => void,
): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.accept = options.accept
  input.multiple = options.multiple
  if (options.capture) input.capture = options.capture
  input.addEventListener('change', () => onPick([...(input.files ?? [])]), { once: true })
  input.click()
}
