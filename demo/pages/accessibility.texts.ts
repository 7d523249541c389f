import type { Sample } from '../samples-of-code.js'

export const keys = [
  { key: 'Tab', does: 'One stop in an empty dropzone: Choose files. Then the buttons of each row, in reading order.' },
  { key: 'Enter, Space', does: 'Presses it. The picker is the system’s own.' },
  { key: 'Ctrl V, ⌘ V', does: 'With focus in the dropzone, adds the files of the clipboard.' },
  { key: 'Shift Tab', does: 'Back. After Remove, focus is on the next row, else the one before, else Choose files.' },
]

/** Said plainly, so that nobody finds out in production. */
export const limits = [
  'Tested by axe and by scripted keys in three engines. Nobody has written down a session with NVDA, JAWS or VoiceOver yet.',
  'The bar says whole percent and nothing else; bytes, speed and time left are its description, which some readers skip.',
  'NVDA ignores position and size of a list; long lists say “37 of 1,000” in words instead.',
  'Undo lasts five seconds. Upload again stays, and needs no hurry.',
  'Firefox and Safari keep no handle of a file: after a reload, the same file has to be chosen again.',
  'Small pictures are decoration. A file is told by its name.',
]

export const accessibilitySamples: readonly Sample[] = [
  {
    title: 'Announcements',
    code: `// 'milestones' (default), 'outcomes', or 'off'
<UploadDropzone announcements="outcomes" … />

// Elsewhere in the page, and in your own words:
<Uploads.Root announcements="off" messages={words}>
  …
  <Uploads.Announcer />
</Uploads.Root>`,
  },
  {
    title: 'Focus',
    code: `const list = useRef<UploadsHandle>(null)

<UploadDropzone ref={list} required … />

// From an error summary:
<a href="#files" onClick={() => list.current?.focus()}>
  Choose a file.
</a>`,
  },
]
