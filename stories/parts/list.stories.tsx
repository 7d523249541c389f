import { done, partPage, shown } from './part-page.js'

export default { title: 'Parts/List', tags: ['autodocs'], ...partPage('List') }

export const Shown = shown('List', done)
