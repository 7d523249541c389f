import { done, partPage, shown } from './part-page.js'

export default { title: 'Parts/SummaryClear', tags: ['autodocs'], ...partPage('SummaryClear') }

export const Shown = shown('SummaryClear', done)
