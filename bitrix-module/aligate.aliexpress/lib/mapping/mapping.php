<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Mapping;

/**
 * The seller's mapping as the gateway keeps it: changed in memory, exchanged whole.
 *
 * What this class does not know of it stays as it came. Lists of attributes are of a *scope*: a section's id, or '' for
 * those of every category.
 */
final class Mapping
{
    private const TEMPLATES = ['title' => '{name}', 'description' => '{description}'];

    /** @var array<string, int> section => place of its line */
    private array $places = [];

    /**
     * @param int $version 0: the shop has none yet
     * @param array<string, mixed> $data
     */
    public function __construct(public readonly int $version, private array $data)
    {
        foreach (self::TEMPLATES as $field => $template) {
            if (!is_string($this->data[$field] ?? null) || trim($this->data[$field]) === '') {
                $this->data[$field] = $template;
            }
        }
        $language = $this->data['language'] ?? '';
        $this->data['language'] = is_string($language) && $language !== '' ? $language : 'ru';
        foreach (['attributes', 'sku_attributes', 'categories', 'defaults', 'price'] as $field) {
            $this->data[$field] = is_array($this->data[$field] ?? null) ? $this->data[$field] : [];
        }
        $this->index();
    }

    /**
     * @param array<array-key, mixed> $answer
     * @throws \UnexpectedValueException where it is not a mapping with its version
     */
    public static function fromAnswer(array $answer): self
    {
        if (!is_int($answer['version'] ?? null) || !is_array($answer['mapping'] ?? null)) {
            throw new \UnexpectedValueException('the answer is no mapping with its version');
        }

        return new self($answer['version'], $answer['mapping']);
    }

    /** The category of a section; 0 where it has none. */
    public function category(string $section): int
    {
        return (int)($this->line($section)['category'] ?? 0);
    }

    /** @return array<string, int> section => category */
    public function categories(): array
    {
        $categories = [];
        foreach ($this->data['categories'] as $line) {
            $categories[(string)($line['section'] ?? '')] = (int)($line['category'] ?? 0);
        }

        return $categories;
    }

    /** @return list<string> the sections whose products go to a category */
    public function sectionsOf(int $category): array
    {
        return array_map(strval(...), array_keys($this->categories(), $category, true));
    }

    /**
     * Gives sections a category; 0 takes it from them, with all that was said of them alone.
     *
     * @param list<string> $sections
     */
    public function assign(array $sections, int $category): void
    {
        foreach ($sections as $section) {
            $place = $this->places[$section] ?? null;
            if ($category === 0 && $place !== null) {
                unset($this->data['categories'][$place]);
            } elseif ($category !== 0 && $place !== null) {
                $this->data['categories'][$place]['category'] = $category;
            } elseif ($category !== 0) {
                $this->data['categories'][] = ['section' => $section, 'category' => $category];
            }
        }
        $this->data['categories'] = array_values($this->data['categories']);
        $this->index();
    }

    /** @return array<string, mixed> what is said of a section; nothing where it has no category */
    public function line(string $section): array
    {
        $place = $this->places[$section] ?? null;

        return $place === null ? [] : $this->data['categories'][$place];
    }

    /** The section of a line, by its place in the list; '' where there is none. */
    public function sectionAt(int $place): string
    {
        return (string)($this->data['categories'][$place]['section'] ?? '');
    }

    /**
     * @param string $scope a section, or '' for the attributes of every category
     * @return list<array<string, mixed>>
     */
    public function attributes(string $scope, bool $isOfSku): array
    {
        $of = $scope === '' ? $this->data : $this->line($scope);
        $list = $of[$isOfSku ? 'sku_attributes' : 'attributes'] ?? [];

        return is_array($list) ? array_values(array_filter($list, is_array(...))) : [];
    }

    /** @return array<string, mixed>|null */
    public function attribute(string $scope, bool $isOfSku, int $attribute): ?array
    {
        foreach ($this->attributes($scope, $isOfSku) as $line) {
            if ((int)($line['attribute'] ?? 0) === $attribute) {
                return $line;
            }
        }

        return null;
    }

    /** The scope that decides about an attribute of a section's products; null where none does. */
    public function scopeOf(string $section, bool $isOfSku, int $attribute): ?string
    {
        foreach ([$section, ''] as $scope) {
            if ($this->attribute($scope, $isOfSku, $attribute) !== null) {
                return $scope;
            }
        }

        return null;
    }

    /**
     * Says where an attribute comes from. Pairs of values stay as long as the property does.
     *
     * @param array<string, mixed> $line without `values`
     * @param array<string, mixed>|null $before what was said of it, in this scope or in another
     */
    public function putAttribute(string $scope, bool $isOfSku, array $line, ?array $before): void
    {
        $isSameSource = $before !== null
            && ($before['property'] ?? null) === ($line['property'] ?? null)
            && ($before['brand'] ?? false) === ($line['brand'] ?? false);
        if ($isSameSource && isset($before['values'])) {
            $line['values'] = $before['values'];
        }
        $this->replace($scope, $isOfSku, (int)$line['attribute'], $line);
    }

    public function dropAttribute(string $scope, bool $isOfSku, int $attribute): void
    {
        $this->replace($scope, $isOfSku, $attribute, null);
    }

    /**
     * Pairs values of the shop with values of AliExpress; 0 takes a pair away.
     *
     * @param array<array-key, int> $pairs
     * @return bool false where the scope says nothing of the attribute
     */
    public function pair(string $scope, bool $isOfSku, int $attribute, array $pairs): bool
    {
        $line = $this->attribute($scope, $isOfSku, $attribute);
        if ($line === null) {
            return false;
        }
        $line['values'] = array_filter($pairs + (is_array($line['values'] ?? null) ? $line['values'] : []));
        $this->replace($scope, $isOfSku, $attribute, $line);

        return true;
    }

    /** @return array<string, mixed> constants and defaults of a scope */
    public function settings(string $scope): array
    {
        $settings = $scope === '' ? $this->data['defaults'] : ($this->line($scope)['settings'] ?? []);

        return is_array($settings) ? $settings : [];
    }

    /** @param array<string, mixed> $settings */
    public function putSettings(string $scope, array $settings): void
    {
        if ($scope === '') {
            $this->data['defaults'] = $settings;
        } elseif (isset($this->places[$scope])) {
            $this->data['categories'][$this->places[$scope]]['settings'] = $settings;
        }
    }

    /** A template of a scope; null where a section has none of its own. */
    public function template(string $scope, string $field): ?string
    {
        return ($scope === '' ? $this->data : $this->line($scope))[$field] ?? null;
    }

    /** @param string|null $template null: a section has none of its own */
    public function putTemplate(string $scope, string $field, ?string $template): void
    {
        if ($scope === '') {
            $this->data[$field] = $template ?? self::TEMPLATES[$field];
        } elseif (isset($this->places[$scope])) {
            $this->data['categories'][$this->places[$scope]][$field] = $template;
        }
    }

    public function language(): string
    {
        return $this->data['language'];
    }

    /** @return array<string, mixed> how prices are made */
    public function price(): array
    {
        return $this->data['price'];
    }

    /** @param array<string, mixed> $price */
    public function putGeneral(string $language, array $price): void
    {
        $this->data['language'] = $language;
        $this->data['price'] = $price;
    }

    /** @return array<string, mixed> as JSON takes it: what the gateway reads as objects is an object, empty or not */
    public function toArray(): array
    {
        $data = $this->withObjects($this->data);
        $data['defaults'] = (object)$this->data['defaults'];
        $data['price'] = (object)$this->data['price'];
        $data['categories'] = array_map(fn (array $line): array => $this->withObjects($line), $this->data['categories']);

        return $data;
    }

    /** @param array<string, mixed>|null $line null: it goes */
    private function replace(string $scope, bool $isOfSku, int $attribute, ?array $line): void
    {
        $list = $this->attributes($scope, $isOfSku);
        $place = array_search($attribute, array_map(static fn (array $one): int => (int)($one['attribute'] ?? 0), $list), true);
        if ($line === null && $place !== false) {
            array_splice($list, $place, 1);
        } elseif ($line !== null) {
            $list[$place === false ? count($list) : $place] = $line;
        }
        $field = $isOfSku ? 'sku_attributes' : 'attributes';
        if ($scope === '') {
            $this->data[$field] = $list;
        } elseif (isset($this->places[$scope])) {
            $this->data['categories'][$this->places[$scope]][$field] = $list;
        }
    }

    /**
     * @param array<string, mixed> $of
     * @return array<string, mixed>
     */
    private function withObjects(array $of): array
    {
        if (isset($of['settings'])) {
            $of['settings'] = (object)$of['settings'];
        }
        foreach (['attributes', 'sku_attributes'] as $field) {
            foreach (is_array($of[$field] ?? null) ? $of[$field] : [] as $place => $line) {
                if (isset($line['values'])) {
                    $of[$field][$place]['values'] = (object)$line['values'];
                }
            }
        }

        return $of;
    }

    private function index(): void
    {
        $this->places = [];
        foreach ($this->data['categories'] as $place => $line) {
            $this->places[(string)($line['section'] ?? '')] ??= $place;
        }
    }
}
