import { partPage, shown } from './part-page.js'

export default { title: 'Parts/Trigger', tags: ['autodocs'], ...partPage('Trigger') }

export const Shown = shown('Trigger')
