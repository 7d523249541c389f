import { partPage, shown } from './part-page.js'

export default { title: 'Parts/FormError', tags: ['autodocs'], ...partPage('FormError') }

export const Shown = shown('FormError', { root: { invalid: 'Choose at least one contract.' } })
