import { partPage, shown } from './part-page.js'

export default { title: 'Parts/Label', tags: ['autodocs'], ...partPage('Label') }

export const Shown = shown('Label', { root: { label: 'Documents', required: true } })
