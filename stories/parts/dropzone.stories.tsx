import { partPage, shown } from './part-page.js'

export default { title: 'Parts/Dropzone', tags: ['autodocs'], ...partPage('Dropzone') }

export const Shown = shown('Dropzone')
