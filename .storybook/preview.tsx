import type { Preview } from '@storybook/react-vite'
import { configure } from 'storybook/test'
import '../src/styled/styles.css'
import { lookInOtherTheme } from './other-theme.ts'
import './preview.css'

// What a story has to come to is waited for, however busy the machine is; a second is what it comes with.
configure({ asyncUtilTimeout: 20_000 })

const preview: Preview = {
  parameters: {
    a11y: { test: 'error' }, // a finding of axe fails the story
    controls: { expanded: true },
    layout: 'fullscreen',
  },
  globalTypes: {
    theme: {
      description: 'Theme',
      toolbar: { icon: 'mirror', items: ['light', 'dark'], dynamicTitle: true },
    },
    direction: {
      description: 'Writing direction',
      toolbar: { icon: 'transfer', items: ['ltr', 'rtl'], dynamicTitle: true },
    },
  },
  initialGlobals: { theme: 'light', direction: 'ltr' },
  afterEach: lookInOtherTheme,
  decorators: [
    (Story, { globals }) => (
      <div className="preview" data-theme={globals.theme} dir={globals.direction}>
        <Story />
      </div>
    ),
  ],
}

export default preview
