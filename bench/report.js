/** Results as tables for people. */
import { median, percentile } from './measure.js';

/** What is known of each contender in a case: numbers over its samples, and its medians as multiples of Feedwright's. */
export function summarise(rows) {
  const seconds = (row) => row.samples.map((sample) => sample.seconds);
  const ours = rows.find(({ name, samples }) => name === 'feedwright' && samples.length > 0);
  const known = (row, key) => {
    const values = row.samples.map((sample) => sample[key]).filter((value) => value !== undefined);
    return values.length ? median(values) : undefined;
  };
  return rows.map((row) => {
    if (row.failed || row.samples.length === 0) return { name: row.name, failed: row.failed };
    const all = seconds(row);
    return {
      name: row.name,
      median: median(all),
      min: Math.min(...all),
      max: Math.max(...all),
      p99: percentile(all, 0.99),
      cpu: known(row, 'cpu'),
      peak: row.peak ?? known(row, 'peak'),
      files: known(row, 'files'),
      ratio: ours ? median(all) / median(seconds(ours)) : undefined,
      cpuRatio:
        ours && known(ours, 'cpu') && known(row, 'cpu') ? known(row, 'cpu') / known(ours, 'cpu') : undefined,
      samples: row.samples,
    };
  });
}

export function heading({ machine, versions, runs, meter, commandLine }) {
  const others = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `${machine.cores} x ${machine.cpu}, ${machine.memory} GiB, ${machine.system}; ${others.join('; ')}.`,
    `${runs} runs of each in turns; CPU and memory by ${meter}. \`${commandLine}\``,
  ].join('\n');
}

/** The tables of one corpus. */
export function tables({ corpus, made, cases }) {
  const lines = [
    `### ${whole(corpus.posts)} posts, ${(corpus.bytes / 1e6).toFixed(1)} MB, ${corpus.tags} tags, seed ${corpus.seed}`,
    '',
    '| | feeds | entries in them | MB |',
    '| --- | ---: | ---: | ---: |',
    ...made.map(({ name, failed, files, entries, bytes }) =>
      row(
        name,
        ...(failed ? [oneLine(failed), '', ''] : [whole(files), whole(entries), (bytes / 1e6).toFixed(1)]),
      ),
    ),
    '',
    '| case | | seconds (min to max) | CPU seconds | peak memory | ratio | CPU ratio |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: |',
  ];
  for (const [name, { rows }] of Object.entries(cases))
    lines.push(
      ...rows.filter((each) => name !== 'running' || each.failed).map((each) => processRow(name, each)),
    );
  for (const each of cases.running?.rows ?? []) if (each.samples) lines.push('', ...runningLines(each));
  return lines.join('\n');
}

function processRow(kind, { name, failed, median, min, max, cpu, peak, ratio, cpuRatio }) {
  if (median === undefined) return row(kind, name, `failed: ${oneLine(failed ?? 'no runs')}`, '', '', '', '');
  return row(
    kind,
    name,
    `${median.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)})`,
    cpu?.toFixed(2) ?? '-',
    peak ? `${Math.round(peak / 2 ** 20)} MiB` : '-',
    ratio?.toFixed(2) ?? '-',
    cpuRatio?.toFixed(2) ?? '-',
  );
}

function runningLines({ samples, peak }) {
  const of = (key, scale = 1) => samples.map((sample) => sample[key] * scale);
  const line = (name, values, unit) =>
    row(name, ...[median(values), percentile(values, 0.99)].map((value) => `${whole(value)}${unit}`));
  return [
    `| running: one saved post, ${samples.length} times | median | p99 |`,
    '| --- | ---: | ---: |',
    line('from saving to the last file in its place', of('seconds', 1000), ' ms'),
    line('the run, by its own account', of('run'), ' ms'),
    line('files written', of('files'), ''),
    line('kB written', of('bytes', 1e-3), ''),
    ...(peak ? [row('peak memory of the worker', `${Math.round(peak / 2 ** 20)} MiB`, '')] : []),
  ];
}

const row = (...cells) => `| ${cells.join(' | ')} |`;
const whole = (number) => Math.round(number).toLocaleString('en');
const oneLine = (text) => text.replace(/\s+/g, ' ').replaceAll('|', '/').slice(0, 200);
