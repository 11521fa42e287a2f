import type { ComponentProps } from 'react';

import { presets, type Draft, type ParcelDraft } from '../draft.ts';
import { Choice, Field } from '../field.tsx';
import type { LengthUnit, WeightUnit } from '../generated/graphql.ts';

const weightUnits: Record<WeightUnit, string> = { OUNCE: 'oz', POUND: 'lb', GRAM: 'g', KILOGRAM: 'kg' };
const lengthUnits: Record<LengthUnit, string> = { INCH: 'in', CENTIMETER: 'cm' };

interface Props {
  readonly draft: Draft;
  readonly onChange: (change: Partial<Draft>) => void;
}

const isPreset = (draft: Draft, preset: ParcelDraft) =>
  Object.entries(preset).every(([name, value]) => draft[name as keyof Draft] === value);

/** The weight and size of the parcel, by a preset or as measured. */
export function ParcelFields({ draft, onChange }: Props) {
  return (
    <fieldset>
      <legend>Parcel</legend>
      <div className="presets">
        {Object.entries(presets).map(([name, preset]) => (
          <button
            key={name}
            type="button"
            className="chip"
            aria-pressed={isPreset(draft, preset)}
            onClick={() => onChange(preset)}
          >
            {name}
          </button>
        ))}
      </div>
      <div className="fields measures">
        <Measure label="Weight" value={draft.weight} onChange={(weight) => onChange({ weight })} />
        <Choice
          label="Weight unit"
          options={weightUnits}
          value={draft.weightUnit}
          onChange={({ target }) => onChange({ weightUnit: target.value as WeightUnit })}
        />
        <Measure label="Length" value={draft.length} onChange={(length) => onChange({ length })} />
        <Measure label="Width" value={draft.width} onChange={(width) => onChange({ width })} />
        <Measure label="Height" value={draft.height} onChange={(height) => onChange({ height })} />
        <Choice
          label="Size unit"
          options={lengthUnits}
          value={draft.lengthUnit}
          onChange={({ target }) => onChange({ lengthUnit: target.value as LengthUnit })}
        />
      </div>
    </fieldset>
  );
}

interface MeasureProps extends Omit<ComponentProps<'input'>, 'onChange'> {
  readonly label: string;
  readonly onChange: (value: string) => void;
}

/** A field for a number above zero. */
function Measure({ onChange, ...field }: MeasureProps) {
  return (
    <Field
      type="number"
      inputMode="decimal"
      required
      min="0.01"
      step="any"
      onChange={({ target }) => onChange(target.value)}
      {...field}
    />
  );
}
