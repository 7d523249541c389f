import fc from 'fast-check'

// Properties draw the same cases in every run, so that what failed once fails again. PROPERTY_SEED draws others.
fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 1) })
