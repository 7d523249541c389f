import type { StoryObj } from '@storybook/react-vite'
import { expect } from 'storybook/test'
import { file } from '../scene.js'
import { pages, partPage, shown, slotOf } from './part-page.js'
import { PART_TEXTS } from './part-texts.js'

export default { title: 'Parts/Root', tags: ['autodocs'], ...partPage('Root') }

export const Shown = shown('Root', { files: [file('notes.txt')] })

/** A part that joins the others is shown and described like them. */
export const EveryPart: StoryObj = {
  ...Shown,
  tags: ['!autodocs'],
  play: async () => {
    const parts = Object.keys(PART_TEXTS).map(slotOf)
    await expect(pages.toSorted()).toEqual(parts.toSorted())
  },
}
