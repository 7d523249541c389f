import { type CSSProperties, useId, useRef, useState } from 'react'
import { type FileObject, type UploadsHandle, UploadsProvider } from '../../src/index.js'
import { UploadDropzone } from '../../src/styled/index.js'
import { Code } from '../code.js'
import { connection } from '../connection.js'
import { SampleFiles } from '../sample-files.js'
import { ACCENTS, cssOf, DENSITIES, type Density, type Tokens, themeOf } from './theme.tokens.js'
import '../slider.css'
import './theme.css'

const first: Tokens = { accent: ACCENTS.Blue, radius: 12, space: 12, bar: 6 }

/** The look of the kit, by its public variables. */
export function ThemePage() {
  const [tokens, setTokens] = useState(first)
  const [density, setDensity] = useState<Density>('comfortable')
  const list = useRef<UploadsHandle>(null)
  const change = (some: Partial<Tokens>) => setTokens({ ...tokens, ...some })
  return (
    <UploadsProvider {...connection}>
      <div className="pair">
        <section aria-labelledby="theme-title" className="theme">
          <h2 id="theme-title">Theme</h2>
          <p className="quiet">Set on any element around the component. Dark, and right to left, are in the header.</p>
          <fieldset className="panel tokens">
            <legend className="visually-hidden">Variables</legend>
            <Accent value={tokens.accent} onChange={(accent) => change({ accent })} />
            <DensityChoice
              value={density}
              onChange={(chosen) => {
                setDensity(chosen)
                change(DENSITIES[chosen])
              }}
            />
            <Size name="Radius" value={tokens.radius} max={24} onChange={(radius) => change({ radius })} />
            <Size name="Space" value={tokens.space} min={6} max={24} onChange={(space) => change({ space })} />
            <Size name="Bar" value={tokens.bar} min={2} max={16} onChange={(bar) => change({ bar })} />
          </fieldset>
          <SampleFiles into={list} sizes={[25e6]} />
          <div className="preview" style={themeOf(tokens) as CSSProperties}>
            <UploadDropzone ref={list} purpose="user_data" initialFiles={shown} density={density} thumbnails />
          </div>
        </section>
        <Code samples={[{ title: 'CSS', code: cssOf(tokens) }, shadcn, tailwind]} />
      </div>
    </UploadsProvider>
  )
}

/** So that there is something to look at. */
const shown: FileObject[] = [
  {
    id: 'file-2NfW7ukPq1',
    object: 'file',
    bytes: 4_200_000,
    created_at: 0,
    filename: 'interviews.pdf',
    purpose: 'user_data',
  },
]

const shadcn = {
  title: 'shadcn',
  code: `/* Nothing to write: each variable falls back to the
   theme's own. */
--ou-accent: var(--primary)
--ou-text: var(--foreground)
--ou-text-muted: var(--muted-foreground)
--ou-line: var(--border)
--ou-track: var(--muted)
--ou-danger: var(--destructive)
--ou-radius: var(--radius)`,
}

const tailwind = {
  title: 'Tailwind',
  code: `@layer theme, base, openai-uploads, components, utilities;
@import "tailwindcss";
@import "react-openai-uploads/styles.css";

/* Any class wins: the kit's selectors weigh nothing. */
<UploadDropzone className="[--ou-accent:var(--color-teal-700)]
  rounded-xl p-4" />`,
}

function Accent({ value, onChange }: { value: string; onChange: (accent: string) => void }) {
  return (
    <fieldset className="token">
      <legend>Accent</legend>
      <span className="swatches">
        {Object.entries(ACCENTS).map(([name, accent]) => (
          <button
            key={name}
            type="button"
            className="swatch"
            aria-label={name}
            aria-pressed={value === accent}
            style={{ '--swatch': accent } as CSSProperties}
            onClick={() => onChange(accent)}
          />
        ))}
      </span>
    </fieldset>
  )
}

function DensityChoice({ value, onChange }: { value: Density; onChange: (density: Density) => void }) {
  return (
    <fieldset className="token">
      <legend>Density</legend>
      <span className="choices">
        {(['comfortable', 'compact'] as const).map((density) => (
          <button key={density} type="button" aria-pressed={value === density} onClick={() => onChange(density)}>
            {density === 'compact' ? 'Compact' : 'Comfortable'}
          </button>
        ))}
      </span>
    </fieldset>
  )
}

interface SizeProps {
  name: string
  /** CSS pixels. */
  value: number
  min?: number
  max: number
  onChange: (value: number) => void
}

function Size({ name, value, min = 0, max, onChange }: SizeProps) {
  const id = useId()
  return (
    <div className="token">
      <label htmlFor={id}>{name}</label>
      <span className="size">
        <input
          id={id}
          type="range"
          className="slider"
          min={min}
          max={max}
          value={value}
          style={{ '--at': (value - min) / (max - min) } as CSSProperties}
          onChange={({ target }) => onChange(target.valueAsNumber)}
        />
        <span className="quiet">{value}px</span>
      </span>
    </div>
  )
}
