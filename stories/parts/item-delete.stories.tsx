import { done, partPage, shown } from './part-page.js'

export default { title: 'Parts/ItemDelete', tags: ['autodocs'], ...partPage('ItemDelete') }

export const Shown = shown('ItemDelete', { ...done, root: { onDelete: async () => {} } })
