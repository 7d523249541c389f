import { partPage, shown } from './part-page.js'

export default { title: 'Parts/Limits', tags: ['autodocs'], ...partPage('Limits') }

export const Shown = shown('Limits', { root: { accept: '.pdf, .csv', maxFiles: 20 } })
