import { offline, partPage, shown } from './part-page.js'

export default { title: 'Parts/OfflineBanner', tags: ['autodocs'], ...partPage('OfflineBanner') }

export const Shown = shown('OfflineBanner', offline)
