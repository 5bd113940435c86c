/**
 * What a query may name. Functions stand on a list: one that QuestDB adds later is refused until somebody has looked
 * at it. Kept out are functions that act (cancel_query, reload_config, flush_query_cache), that read files, that
 * show what others do, that wait, and that can keep QuestDB busy where it does not look whether it was cancelled
 * (long_sequence, rnd_*, regular expressions, array_build).
 */
export const FUNCTIONS: ReadonlySet<string> = new Set(
  `abs acos asin atan atan2 ceil ceiling cos cot degrees exp floor greatest least ln log pi power radians round
  round_down round_half_even round_up sign sin sqrt tan
  coalesce nullif cast typeof to_long128 to_long256 to_uuid
  concat json_extract left length length_bytes lower lpad ltrim md5 position quote_ident replace right rpad rtrim sha1
  sha256 size_pretty split_part starts_with strpos substring to_char to_lowercase to_uppercase trim upper
  date_trunc dateadd datediff day day_of_week day_of_week_sunday_first days_in_month extract hour interval interval_end
  interval_start is_leap_year micros millis minute month nanos now now_ns second sysdate systimestamp systimestamp_ns
  timestamp_ceil timestamp_floor to_date to_pg_date to_str to_timestamp to_timestamp_ns to_timezone to_utc today
  tomorrow week_of_year year yesterday
  approx_count_distinct approx_median approx_percentile arg_max arg_min avg bit_and bit_or bit_xor bool_and bool_or
  corr count count_distinct covar_pop covar_samp first first_not_null geomean isordered ksum last last_not_null max min
  mode nsum regr_intercept regr_slope stddev stddev_pop stddev_samp string_agg string_distinct_agg sum twap var_pop
  var_samp variance vwap weighted_avg weighted_stddev weighted_stddev_freq weighted_stddev_rel
  dense_rank first_value lag last_value lead percent_rank rank row_number
  array_avg array_count array_cum_sum array_elem_avg array_elem_max array_elem_min array_elem_sum array_max array_min
  array_position array_reverse array_sort array_stddev array_stddev_pop array_stddev_samp array_sum dim_length
  dot_product flatten insertion_point l2price matmul mid shift spread spread_bps transpose wmid
  build functions keywords table_columns table_partitions version wal_transactions`.split(/\s+/),
)

/** Of these functions the one argument is the name of a table. */
export const FUNCTIONS_OF_A_TABLE: ReadonlySet<string> = new Set([
  'table_columns',
  'table_partitions',
  'wal_transactions',
])

/** Words after which a parenthesis may open that is no call. */
export const WORDS_BEFORE_PARENTHESIS: ReadonlySet<string> = new Set(
  `select distinct from join where and or not in on by as over when then else case between union all any except
  intersect exists having limit using filter pivot fill tolerance to timestamp decimal geohash explain`.split(/\s+/),
)

/** Statements that do not read; such a word at the start tells what was meant. */
export const STATEMENTS: ReadonlySet<string> = new Set(
  `insert update delete merge drop truncate alter create rename copy compile reindex vacuum grant revoke
  add analyze assume attach backup begin call cancel checkpoint close commit deallocate describe detach discard do
  execute exit export grant import kill listen lock notify prepare refresh release remove repair replace reset
  resume rollback savepoint set shutdown snapshot start suspend unlisten use values from`.split(/\s+/),
)

/**
 * Words that never stand bare in a query: behind WITH or EXPLAIN they would act. The other statements are found by
 * QuestDB at the start only, and some of their words (close, begin, set) are good names of columns.
 */
export const WRITING_WORDS: ReadonlySet<string> = new Set(
  'insert update delete drop truncate alter create rename copy compile reindex vacuum grant revoke'.split(' '),
)

/** QuestDB calls a function without arguments by its bare name too, even in double quotes, as a value or a table. */
const CALLED_WITHOUT_PARENTHESES: ReadonlySet<string> = new Set(
  `all_tables checkpoint_status current_catalog current_data_id current_database current_schema current_schemas
  current_user export_activity export_files flush_query_cache hydrate_table_metadata import_files materialized_views
  memory_metrics query_activity reader_pool reload_config session_user simulate_crash simulate_warnings table_storage
  table_writer_metrics tables txid_current views wait_wal_table wal_tables writer_pool cancel_query`.split(/\s+/),
)
const CALLED_PREFIXES = ['pg_', 'information_schema', 'rnd_', 'dump_']

/** True when this bare name would call a function that is not on the list. */
export function callsByName(name: string): boolean {
  const plain = folded(name)
  return CALLED_WITHOUT_PARENTHESES.has(plain) || CALLED_PREFIXES.some((prefix) => plain.startsWith(prefix))
}

/** As QuestDB compares names: letter by letter, so that the Turkish İ and the Kelvin sign are an i and a k. */
export function folded(name: string): string {
  return name.replaceAll(/[^\0-\x7f]/g, (letter) => letter.toUpperCase().toLowerCase().slice(0, 1)).toLowerCase()
}
