/** A health score from 0 to 100, with its band in words for those who see no colour. */
export function Health({ value }: { value: number }) {
  const [tone, word] = value < 50 ? ['bad', 'at risk'] : value < 75 ? ['warn', 'fair'] : ['good', 'good'];
  return (
    <span class="health" data-tone={tone}>
      <span class="number">{value}</span> {word}
    </span>
  );
}
