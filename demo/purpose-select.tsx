import { PURPOSES, type Purpose } from '../src/core/index.js'

export function PurposeSelect({ value, onChange }: { value: Purpose; onChange: (purpose: Purpose) => void }) {
  return (
    <label className="purpose">
      <span>Purpose</span>
      <select value={value} onChange={(event) => onChange(event.target.value as Purpose)}>
        {PURPOSES.map((purpose) => (
          <option key={purpose}>{purpose}</option>
        ))}
      </select>
    </label>
  )
}
