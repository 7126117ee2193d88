<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Mapping;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\Gateway\Exception\GatewayException;
use Aligate\Aliexpress\Gateway\Exception\Unrecoverable;
use Aligate\Aliexpress\Gateway\ShopApi;
use Aligate\Aliexpress\Outbox\IblockFamily;
use Aligate\Aliexpress\Reading\Rows;
use Bitrix\Main\Data\ManagedCache;
use Bitrix\Main\DB\Connection as Database;

/** What the mapping page reads of one connection: the shop's names beside AliExpress's. */
final class Desk
{
    private const TITLES_FOR_SUGGESTION = 3;
    private const SCHEMAS_FOR_NAMES = 20;

    public readonly Mappings $mappings;
    public readonly ShopProperties $properties;
    private readonly Rows $rows;
    private readonly Reports $reports;

    /** @param string $language in which names are shown: `ru` or `en` */
    public function __construct(
        private readonly Connection $connection,
        private readonly ShopApi $api,
        private readonly Database $database,
        ManagedCache $cache,
        public readonly string $language,
    ) {
        $this->rows = new Rows($database);
        $this->mappings = new Mappings($api, new Kept($cache, md5("$connection->gatewayUrl $connection->shopId")));
        $this->properties = new ShopProperties($this->rows, new IblockFamily($database), $connection);
        $this->reports = new Reports(new ProductCards($this->rows), $this->properties, $language);
    }

    /** The page is opened: the newest version, and what is done. */
    public function open(): array
    {
        $mapping = $this->mappings->fresh();
        $counts = $this->sectionTable($mapping)->counts();
        $counts['unsectioned'] = (new ShopSections($this->rows))->productsWithout($this->connection->iblockIds);

        return ['version' => $mapping->version, 'counts' => $counts];
    }

    public function sections(int $version, SectionFilter $filter, string $cursor): array
    {
        $mapping = $this->mappings->of($version);
        $table = $this->sectionTable($mapping);
        $page = $table->page($filter, $cursor);
        $names = $this->mappings->categoryNames(array_column($page['items'], 'category'), $this->language);
        foreach ($page['items'] as $place => $item) {
            $page['items'][$place]['categoryName'] = $names[$item['category']] ?? null;
        }

        return $page + ['counts' => $table->counts()];
    }

    /**
     * How many mandatory attributes are still unsaid of sections.
     *
     * @param list<string> $sections of one page
     * @return array{missing: array<string, int>}
     */
    public function missing(int $version, array $sections): array
    {
        $mapping = $this->mappings->of($version);
        $missing = [];
        foreach (array_slice($sections, 0, SectionTable::PAGE) as $section) {
            $category = $mapping->category($section);
            if ($category > 0) {
                $missing[$section] = $this->attributeTable($mapping, $section, $this->mappings->schema($category))->missing();
            }
        }

        return ['missing' => $missing];
    }

    /** Categories below one, or with words in their names; `ready` is false while the gateway still reads the tree. */
    public function categories(string $parent, string $search): array
    {
        $found = $search === '' ? $this->api->categories($parent === '' ? null : $parent) : $this->api->searchCategories($search);

        return $this->shownCategories($found);
    }

    /** Categories that AliExpress proposes for what lies in a section. */
    public function proposals(string $section): array
    {
        $shown = $this->sectionTable(new Mapping(0, []))->find($section);
        $sql = 'SELECT NAME FROM b_iblock_element WHERE IBLOCK_SECTION_ID = ' . (int)$section
            . " AND ACTIVE = 'Y' ORDER BY ID LIMIT " . self::TITLES_FOR_SUGGESTION;
        $titles = array_map(strval(...), array_column($this->rows->all($sql), 'NAME'));
        $titles = $titles === [] && $shown !== null ? [$shown->name()] : $titles;
        $items = [];
        $isReady = true;
        foreach ($titles as $title) {
            $found = $this->shownCategories($this->api->suggestCategories($title));
            $isReady = $isReady && $found['ready'];
            foreach ($found['items'] as $item) {
                $items[$item['id']] ??= $item + ['votes' => 0];
                $items[$item['id']]['votes']++;
            }
        }
        usort($items, static fn (array $one, array $other): int => $other['votes'] <=> $one['votes']);

        return ['ready' => $isReady, 'items' => array_slice($items, 0, 10)];
    }

    /** A section, its category's attributes and where they come from. */
    public function section(int $version, string $section): array
    {
        $mapping = $this->mappings->of($version);
        $category = $mapping->category($section);
        $schema = $category > 0 ? $this->mappings->schema($category) : new Schema([]);
        $names = $this->mappings->categoryNames([$category], $this->language);

        return [
            'section' => $section,
            'path' => $this->sectionTable($mapping)->find($section)?->path,
            'category' => $category,
            'categoryName' => $names[$category] ?? null,
            'sameCategory' => count($mapping->sectionsOf($category)),
            'attributes' => $this->named($category, $this->attributeTable($mapping, $section, $schema)->rows()),
            'settings' => (object)$mapping->settings($section),
            'defaults' => (object)$mapping->settings(''),
            'title' => $mapping->template($section, 'title'),
            'description' => $mapping->template($section, 'description'),
            'choices' => $schema->choices(),
        ];
    }

    /**
     * Rows of attributes with the names of values that a schema's beginning of a list does not have.
     *
     * @param list<array<string, mixed>> $rows
     * @return list<array<string, mixed>>
     */
    private function named(int $category, array $rows): array
    {
        foreach ($rows as $at => $row) {
            $id = (int)($row['line']['value_id'] ?? 0);
            if ($id > 0 && ($row['line']['shown']['value'] ?? null) === null) {
                $names = Schema::valueNames($this->mappings->attribute($category, $row['id']) ?? [], $this->language);
                $rows[$at]['line']['shown']['value'] = $names[$id] ?? null;
            }
        }

        return $rows;
    }

    /** What the gateway, which has seen the products, thinks of a section's properties. */
    public function suggestions(int $version, string $section): array
    {
        $category = $this->mappings->of($version)->category($section);
        $items = [];
        foreach ($category > 0 ? $this->mappings->suggestions($section, $category) : [] as $one) {
            $known = $items[$one['attribute'] ?? 0] ?? null;
            if ($known === null || $known['score'] < (int)($one['score'] ?? 0)) {
                $items[$one['attribute'] ?? 0] = [
                    'attribute' => (int)($one['attribute'] ?? 0),
                    'property' => (string)($one['property'] ?? ''),
                    'name' => (string)(($one['name'] ?? '') ?: ($one['property'] ?? '')),
                    'score' => (int)($one['score'] ?? 0),
                ];
            }
        }

        return ['items' => array_values($items)];
    }

    /** What holds for every category. */
    public function common(int $version): array
    {
        $mapping = $this->mappings->of($version);
        $names = $this->attributeNames($mapping);
        $lines = [];
        foreach ([false, true] as $isOfSku) {
            foreach ($mapping->attributes('', $isOfSku) as $line) {
                $id = (int)($line['attribute'] ?? 0);
                $pairs = count((array)($line['values'] ?? []));
                unset($line['values']);
                $lines[] = ['id' => $id, 'sku' => $isOfSku, 'name' => $names[$id] ?? "#$id", 'line' => $line, 'pairs' => $pairs];
            }
        }

        return [
            'language' => $mapping->language(),
            'title' => $mapping->template('', 'title'),
            'description' => $mapping->template('', 'description'),
            'price' => (object)$mapping->price(),
            'settings' => (object)$mapping->settings(''),
            'attributes' => $lines,
            'choices' => $this->someSchemas($mapping, 1)[0]->choices(),
        ];
    }

    /** The shop's properties, what they fill, and what a category's attributes suggest. */
    public function propertyTable(Mapping $mapping, int $category, bool $isOfSku): PropertyTable
    {
        return new PropertyTable(
            $this->properties->all($isOfSku),
            $mapping,
            $category > 0 ? $this->mappings->schema($category) : new Schema([]),
            $this->attributeNames($mapping),
            $isOfSku,
            $this->language,
        );
    }

    /**
     * The categories that sections have, by name.
     *
     * @return array{items: list<array{id: int, name: string}>}
     */
    public function mappedCategories(int $version): array
    {
        $ids = array_values(array_unique(array_filter($this->mappings->of($version)->categories())));
        $names = $this->mappings->categoryNames($ids, $this->language);
        $items = array_map(static fn (int $id): array => ['id' => $id, 'name' => $names[$id] ?? "#$id"], $ids);
        usort($items, static fn (array $one, array $other): int => $one['name'] <=> $other['name']);

        return ['items' => $items];
    }

    /** A page of a property's values beside those of an attribute. */
    public function values(int $version, AttributePlace $place, string $search, string $state, string $cursor): array
    {
        $mapping = $this->mappings->of($version);
        $table = $this->valueTable($mapping, $place);

        return $table === null
            ? ['items' => [], 'next' => null, 'counts' => ['all' => 0, 'paired' => 0, 'name' => 0, 'other' => 0, 'unmatched' => 0]]
            : $table->page($search, $state, $cursor, $this->language);
    }

    /** The values of the property that the mapping names for an attribute; null where it names none that is there. */
    public function valueTable(Mapping $mapping, AttributePlace $place): ?ValueTable
    {
        $scope = $mapping->scopeOf($place->section, $place->isOfSku, $place->attribute);
        $line = $scope === null ? null : $mapping->attribute($scope, $place->isOfSku, $place->attribute);
        $attribute = $this->mappings->attribute($mapping->category($place->section), $place->attribute);
        if ($line === null || $attribute === null) {
            return null;
        }
        $isBrand = ($line['brand'] ?? false) === true;
        $property = $isBrand ? $this->properties->brand() : $this->properties->byCode((string)($line['property'] ?? ''), $place->isOfSku);
        if ($property === null) {
            return null;
        }
        $values = new ShopValues($this->database, $this->rows);

        // Events give the brand as a text, whatever it was chosen from.
        return new ValueTable($isBrand ? $values->texts($property) : $values->of($property), $attribute, $line);
    }

    /**
     * Keeps a mapping.
     *
     * @return int its version
     * @throws MappingChanged where somebody else was first
     * @throws MappingRefused with every fault
     */
    public function save(Mapping $mapping): int
    {
        return $this->orRefused($mapping, fn (): Mapping => $this->mappings->save($mapping))->version;
    }

    /**
     * What would be refused by a mapping, with the cards of the products.
     *
     * @throws MappingRefused where the mapping itself has faults
     */
    public function check(Mapping $mapping): array
    {
        $report = $this->orRefused($mapping, fn (): array => $this->mappings->check($mapping));

        return $this->reports->check($report, $this->attributeNames($mapping));
    }

    /** A page of listings with the cards of their products. */
    public function listings(string $state, string $reason, string $cursor): array
    {
        $empty = static fn (string $text): ?string => $text === '' ? null : $text;

        return $this->reports->listings($this->api->listings($empty($state), $empty($reason), $empty($cursor), 50));
    }

    /**
     * @template T
     * @param \Closure(): T $do
     * @return T
     */
    private function orRefused(Mapping $mapping, \Closure $do): mixed
    {
        try {
            return $do();
        } catch (Unrecoverable $error) {
            if ($error->faults === []) {
                throw $error;
            }
            $faults = $this->reports->faults($error->faults, $mapping, $this->sectionTable($mapping), $this->attributeNames($mapping));
            throw new MappingRefused($faults, $error);
        }
    }

    public function sectionTable(Mapping $mapping): SectionTable
    {
        return new SectionTable((new ShopSections($this->rows))->of($this->connection->iblockIds), $mapping);
    }

    private function attributeTable(Mapping $mapping, string $section, Schema $schema): AttributeTable
    {
        return new AttributeTable($schema, $mapping, $this->properties, $section, $this->language);
    }

    /**
     * Names of attributes, from the schemas of some of the mapped categories.
     *
     * @return array<int, string>
     */
    private function attributeNames(Mapping $mapping): array
    {
        $names = [];
        foreach ($this->someSchemas($mapping, self::SCHEMAS_FOR_NAMES) as $schema) {
            foreach ($schema->attributes() as $attribute) {
                $names[(int)$attribute['id']] ??= Names::in($attribute['names'] ?? [], $this->language);
            }
        }

        return $names;
    }

    /**
     * Schemas of some of the mapped categories, for names alone: without AliExpress numbers are shown.
     *
     * @return non-empty-list<Schema>
     */
    private function someSchemas(Mapping $mapping, int $max): array
    {
        $schemas = [];
        try {
            foreach (array_slice(array_unique(array_filter($mapping->categories())), 0, $max) as $category) {
                $schemas[] = $this->mappings->schema($category);
            }
        } catch (GatewayException) {
            // What there is does.
        }

        return $schemas === [] ? [new Schema([])] : $schemas;
    }

    /**
     * @param array<array-key, mixed> $found
     * @return array{ready: bool, items: list<array{id: int, leaf: bool, name: string, path: string}>}
     */
    private function shownCategories(array $found): array
    {
        $items = [];
        foreach ((array)($found['items'] ?? []) as $item) {
            $items[] = [
                'id' => (int)($item['id'] ?? 0),
                'leaf' => ($item['leaf'] ?? false) === true,
                'name' => Names::in($item['names'] ?? [], $this->language),
                'path' => Names::path($item, $this->language),
            ];
        }

        return ['ready' => ($found['read_ms'] ?? null) !== null, 'items' => $items];
    }
}
