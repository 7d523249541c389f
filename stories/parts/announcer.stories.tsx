import { partPage, shown } from './part-page.js'

export default { title: 'Parts/Announcer', tags: ['autodocs'], ...partPage('Announcer') }

export const Shown = shown('Announcer', { root: { announcements: 'off' } })
