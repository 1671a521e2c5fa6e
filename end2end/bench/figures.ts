/** The smallest value that so many per cent do not exceed. */
export function percentile(values: number[], percent: number): string {
    const sorted = values.toSorted((a, b) => a - b);
    return (sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN).toFixed(0);
}
