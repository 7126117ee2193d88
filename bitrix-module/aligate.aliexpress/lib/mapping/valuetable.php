<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Mapping;

/**
 * The values of a property beside those of an attribute: counted, filtered, a page at a time, matched by name.
 *
 * One pass over all values, which are never held together.
 */
final class ValueTable
{
    public const PAGE = 50;

    /** How alike the gateway must find two names before they are paired without a person. */
    private const SCORE_LEAST = 90;

    /** @var array<string, int> */
    private readonly array $idsByName;

    /** @var array<array-key, int> */
    private readonly array $pairs;

    private readonly bool $goesAsOther;

    /**
     * @param iterable<array{string, string}> $values key and text
     * @param array<string, mixed> $attribute of the schema
     * @param array<string, mixed> $line of the mapping
     */
    public function __construct(
        private readonly iterable $values,
        private readonly array $attribute,
        array $line,
    ) {
        $this->idsByName = Schema::idsByName($attribute, Names::same(...));
        $this->pairs = array_map(intval(...), (array)($line['values'] ?? []));
        $this->goesAsOther = ($line['other'] ?? false) === true && Schema::takesOther($attribute);
    }

    /**
     * @param string $state `all`, `unmatched` or `paired`
     * @param string $cursor key of the last value of the page before; '' for the first page
     * @return array{items: list<array<string, mixed>>, next: string|null, counts: array<string, int>}
     */
    public function page(string $search, string $state, string $cursor, string $language): array
    {
        $counts = ['all' => 0, 'paired' => 0, 'name' => 0, 'other' => 0, 'unmatched' => 0];
        $names = Schema::valueNames($this->attribute, $language);
        $items = [];
        $isReached = $cursor === '';
        $next = null;
        foreach ($this->values as [$key, $text]) {
            [$by, $id] = $this->match($key, $text);
            $counts['all']++;
            $counts[$by]++;
            if (!$isReached) {
                $isReached = $key === $cursor;
                continue;
            }
            $isMeant = ($state === 'unmatched' ? $by === 'unmatched' : ($state !== 'paired' || $by === 'paired'));
            if (!$isMeant || !Names::holds($text, $search)) {
                continue;
            }
            if (count($items) < self::PAGE) {
                $items[] = ['key' => $key, 'text' => $text, 'by' => $by, 'id' => $id, 'name' => $names[$id] ?? null];
            } else {
                $next = end($items)['key'];
            }
        }

        return ['items' => $items, 'next' => $next, 'counts' => $counts];
    }

    /**
     * Pairs for values that have none: names that differ in case, punctuation or the order of words alone, and what the
     * gateway is nearly sure of.
     *
     * @param list<array<string, mixed>> $suggested by the gateway: `value`, `value_id`, `id`, `score`
     * @return array<array-key, int>
     */
    public function matches(array $suggested): array
    {
        $byName = Schema::idsByName($this->attribute, Names::plain(...));
        $sure = [];
        foreach ($suggested as $one) {
            if ((int)($one['score'] ?? 0) >= self::SCORE_LEAST) {
                $sure[Names::same((string)($one['value'] ?? ''))] = (int)($one['id'] ?? 0);
            }
        }
        $pairs = [];
        foreach ($this->values as [$key, $text]) {
            if (in_array($this->match($key, $text)[0], ['paired', 'name'], true)) {
                continue;
            }
            $id = $byName[Names::plain($text)] ?? $sure[Names::same($text)] ?? 0;
            if ($id > 0) {
                $pairs[$key] = $id;
            }
        }

        return $pairs;
    }

    /** @return array{string, int} how a value is matched, and with which of AliExpress; 0 for none */
    private function match(string $key, string $text): array
    {
        $paired = $this->pairs[$key] ?? $this->pairs[trim($text)] ?? 0;
        if ($paired > 0) {
            return ['paired', $paired];
        }
        $named = $this->idsByName[Names::same($text)] ?? 0;

        return $named > 0 ? ['name', $named] : [$this->goesAsOther ? 'other' : 'unmatched', 0];
    }
}
