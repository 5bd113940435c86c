/** Names under which the dashboard looks for values that the desktop stores under another one (alias → stored name). */
export const WALK_CONFIG_ALIASES = { step_size: 'fold_step' } as const
export const HYPERPARAMETER_ALIASES = { min_rounds: 'min_boost_rounds' } as const
export const THRESHOLD_ALIASES = {
  long_percentile_95: 'long_percentile',
  short_percentile_05: 'short_percentile',
} as const
