import { failed, partPage, shown } from './part-page.js'

export default { title: 'Parts/ItemRetry', tags: ['autodocs'], ...partPage('ItemRetry') }

export const Shown = shown('ItemRetry', failed('report.pdf'))
