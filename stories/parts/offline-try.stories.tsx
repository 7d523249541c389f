import { offline, partPage, shown } from './part-page.js'

export default { title: 'Parts/OfflineTry', tags: ['autodocs'], ...partPage('OfflineTry') }

export const Shown = shown('OfflineTry', offline)
