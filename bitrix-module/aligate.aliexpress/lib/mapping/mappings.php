<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Mapping;

use Aligate\Aliexpress\Gateway\Exception\GatewayException;
use Aligate\Aliexpress\Gateway\Exception\Recoverable;
use Aligate\Aliexpress\Gateway\ShopApi;

/**
 * The mapping and the schemas of a connection: asked of the gateway, kept for a while.
 *
 * A kept mapping is of one version, which pages name: what they show is of one piece, and a change that was made on
 * something older is refused by the gateway.
 */
final class Mappings
{
    private const MAPPING_SECS = 3600;
    private const SCHEMA_SECS = 900;
    private const NAMES_SECS = 86400;
    private const IDS_MAX = 200;
    private const VALUES_OF_PAGE = 500;
    private const VALUE_PAGES_MAX = 100;

    public function __construct(private readonly ShopApi $api, private readonly Kept $kept)
    {
    }

    /**
     * As the gateway has it now.
     *
     * @throws GatewayException
     */
    public function fresh(): Mapping
    {
        return $this->keep($this->api->mapping());
    }

    /**
     * As it was when the page was opened.
     *
     * @throws GatewayException
     * @throws MappingChanged where that version can no longer be had
     */
    public function of(int $version): Mapping
    {
        $kept = $this->kept->get('mapping', self::MAPPING_SECS);
        $mapping = is_int($kept['version'] ?? null) && $kept['version'] === $version
            ? Mapping::fromAnswer($kept)
            : $this->fresh();

        return $mapping->version === $version ? $mapping : throw new MappingChanged();
    }

    /**
     * @throws GatewayException
     * @throws MappingChanged where somebody else changed it first; nothing was changed then
     */
    public function save(Mapping $mapping): Mapping
    {
        try {
            return $this->keep($this->api->putMapping($mapping->toArray(), $mapping->version));
        } catch (GatewayException $error) {
            throw $error->problemCode === 'version_mismatch' ? new MappingChanged($error) : $error;
        }
    }

    /**
     * What would be refused by a mapping that need not be kept.
     *
     * @return array<array-key, mixed>
     * @throws GatewayException
     */
    public function check(Mapping $mapping): array
    {
        return $this->api->checkMapping($mapping->toArray());
    }

    /**
     * What AliExpress asks of a product of a category.
     *
     * @throws GatewayException
     */
    public function schema(int $category): Schema
    {
        $kept = $this->kept->get("schema_$category", self::SCHEMA_SECS);
        if ($kept === null) {
            $kept = $this->api->schema($category);
            $this->kept->put("schema_$category", self::SCHEMA_SECS, $kept);
        }

        return new Schema($kept);
    }

    /**
     * An attribute of a category with all its values; null where there is none.
     *
     * @return array<string, mixed>|null
     * @throws GatewayException
     */
    public function attribute(int $category, int $id): ?array
    {
        $attribute = $this->schema($category)->attribute($id);
        if ($attribute === null || Schema::isWhole($attribute)) {
            return $attribute;
        }
        $name = "values_{$category}_$id";
        $values = $this->kept->get($name, self::SCHEMA_SECS);
        if ($values === null) {
            $values = [];
            $cursor = 0;
            for ($page = 0; $page < self::VALUE_PAGES_MAX && $cursor !== null; $page++) {
                $found = $this->api->attributeValues($category, $id, [], $cursor, self::VALUES_OF_PAGE);
                array_push($values, ...array_filter((array)($found['items'] ?? []), is_array(...)));
                $cursor = is_int($found['next'] ?? null) && $found['next'] > $cursor ? $found['next'] : null;
            }
            $this->kept->put($name, self::SCHEMA_SECS, $values);
        }

        return ['values' => $values, 'values_total' => count($values)] + $attribute;
    }

    /**
     * What names of the shop may mean, as the gateway thinks that has seen the products; nothing where it cannot say.
     *
     * @return list<array<string, mixed>>
     */
    public function suggestions(string $section, int $category): array
    {
        try {
            $found = $this->api->mappingSuggestions($section, $category)['properties'] ?? [];
        } catch (GatewayException) {
            // They are a help: without them names are compared here.
            return [];
        }

        return is_array($found) ? array_values(array_filter($found, is_array(...))) : [];
    }

    /**
     * Names of categories from the top; those that the gateway cannot tell are left out.
     *
     * @param list<int> $ids
     * @return array<int, string>
     */
    public function categoryNames(array $ids, string $language): array
    {
        $ids = array_slice(array_values(array_unique(array_filter($ids))), 0, self::IDS_MAX);
        sort($ids);
        if ($ids === []) {
            return [];
        }
        $key = 'names_' . md5(implode(',', $ids));
        $items = $this->kept->get($key, self::NAMES_SECS);
        if ($items === null) {
            try {
                $items = array_values(array_filter(
                    (array)($this->api->categoriesOf($ids)['items'] ?? []),
                    static fn ($item): bool => is_array($item) && in_array($item['id'] ?? 0, $ids, true),
                ));
            } catch (GatewayException) {
                return [];
            }
            if (count($items) === count($ids)) {
                $this->kept->put($key, self::NAMES_SECS, $items);
            }
        }
        $names = [];
        foreach ($items as $item) {
            $names[(int)$item['id']] = Names::path($item, $language);
        }

        return $names;
    }

    /** @param array<array-key, mixed> $answer */
    private function keep(array $answer): Mapping
    {
        try {
            $mapping = Mapping::fromAnswer($answer);
        } catch (\UnexpectedValueException $error) {
            throw new Recoverable($error->getMessage(), 'answer_unreadable', previous: $error);
        }
        $this->kept->put('mapping', self::MAPPING_SECS, $answer);

        return $mapping;
    }
}
