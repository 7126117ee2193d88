<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Controller;

use Aligate\Aliexpress\Controller\Filter\Right;
use Aligate\Aliexpress\Gateway\ShopApi;
use Aligate\Aliexpress\Mapping\AttributePlace;
use Aligate\Aliexpress\Mapping\Change;
use Aligate\Aliexpress\Mapping\Desk;
use Aligate\Aliexpress\Mapping\Input;
use Aligate\Aliexpress\Mapping\InputInvalid;
use Aligate\Aliexpress\Mapping\MappingChanged;
use Aligate\Aliexpress\Mapping\MappingRefused;
use Aligate\Aliexpress\Mapping\Schema;
use Aligate\Aliexpress\Mapping\SectionFilter;
use Bitrix\Main\Application;
use Bitrix\Main\Engine\ActionFilter\Authentication;
use Bitrix\Main\Engine\ActionFilter\Csrf;
use Bitrix\Main\Engine\ActionFilter\HttpMethod;
use Bitrix\Main\Error;

/**
 * The mapping page: `aligate:aliexpress.mapping.<action>`.
 *
 * `version` is the mapping that the page shows. A change answers with the next one; where somebody else was first,
 * nothing is changed and the answer is `mapping_changed`. What has more than a few fields comes as JSON in one of them,
 * since the kernel reads forms.
 */
final class Mapping extends Page
{
    private const LOOKS = [
        'open', 'sections', 'missing', 'categories', 'proposals', 'section', 'suggestions', 'properties',
        'attributeValues', 'values', 'common', 'check', 'listings', 'mappedCategories', 'propertyTable', 'attributes',
    ];

    public function configureActions()
    {
        $look = ['prefilters' => [
            new Authentication(),
            new HttpMethod([HttpMethod::METHOD_POST]),
            new Csrf(),
            new Right('R'),
        ]];

        return array_fill_keys(self::LOOKS, $look);
    }

    public function openAction(int $connection, string $language): ?array
    {
        return $this->at($connection, $language, static fn (Desk $desk): array => $desk->open());
    }

    public function sectionsAction(int $connection, string $language, int $version, string $filter, string $cursor = ''): ?array
    {
        return $this->at($connection, $language, static fn (Desk $desk): array
            => $desk->sections($version, SectionFilter::read(Input::decode($filter)), $cursor));
    }

    /** @param string $sections JSON list of ids */
    public function missingAction(int $connection, string $language, int $version, string $sections): ?array
    {
        return $this->at($connection, $language, static fn (Desk $desk): array
            => $desk->missing($version, Input::texts(Input::decode($sections))));
    }

    public function categoriesAction(int $connection, string $language, string $parent = '', string $search = ''): ?array
    {
        return $this->at($connection, $language, static fn (Desk $desk): array => $desk->categories($parent, trim($search)));
    }

    public function proposalsAction(int $connection, string $language, string $section): ?array
    {
        return $this->at($connection, $language, static fn (Desk $desk): array => $desk->proposals($section));
    }

    /**
     * Gives sections a category: those that are named, with all below them where wanted, or all that a filter lets.
     *
     * @param string $sections JSON list of ids; empty where the filter says which
     * @param int $category 0: takes it from them
     */
    public function assignAction(
        int $connection,
        string $language,
        int $version,
        string $sections,
        string $filter,
        int $category,
        string $below = 'N',
    ): ?array {
        return $this->at($connection, $language, static function (Desk $desk) use ($version, $sections, $filter, $category, $below): array {
            $mapping = $desk->mappings->of($version);
            $table = $desk->sectionTable($mapping);
            $named = Input::texts(Input::decode($sections));
            if ($named === []) {
                $matching = $table->matching(SectionFilter::read(Input::decode($filter)));
                $named = array_map(static fn ($one): string => (string)$one->id, $matching);
            }
            $named = $table->with($named, $below === 'Y');
            $mapping->assign($named, max(0, $category));

            return ['version' => $desk->save($mapping), 'count' => count($named), 'counts' => $table->counts()];
        });
    }

    public function sectionAction(int $connection, string $language, int $version, string $section): ?array
    {
        return $this->at($connection, $language, static fn (Desk $desk): array => $desk->section($version, $section));
    }

    public function suggestionsAction(int $connection, string $language, int $version, string $section): ?array
    {
        return $this->at($connection, $language, static fn (Desk $desk): array => $desk->suggestions($version, $section));
    }

    /** @param string $form JSON of the section's form */
    public function saveSectionAction(int $connection, string $language, int $version, string $section, string $form): ?array
    {
        return $this->at($connection, $language, static function (Desk $desk) use ($version, $section, $form): array {
            $mapping = $desk->mappings->of($version);
            Change::ofSection($mapping, $section, Input::decode($form));

            return ['version' => $desk->save($mapping)];
        });
    }

    public function propertiesAction(int $connection, string $language, string $search = '', string $offers = 'N'): ?array
    {
        return $this->at($connection, $language, static fn (Desk $desk): array
            => $desk->properties->search(trim($search), $offers === 'Y'));
    }

    public function mappedCategoriesAction(int $connection, string $language, int $version): ?array
    {
        return $this->at($connection, $language, static fn (Desk $desk): array => $desk->mappedCategories($version));
    }

    /** @param string $state `all`, `unused` or `used` */
    public function propertyTableAction(
        int $connection,
        string $language,
        int $version,
        int $category,
        string $offers,
        string $search = '',
        string $state = 'all',
        string $cursor = '',
    ): ?array {
        return $this->at($connection, $language, static fn (Desk $desk): array
            => $desk->propertyTable($desk->mappings->of($version), $category, $offers === 'Y')->page(trim($search), $state, $cursor));
    }

    public function attributesAction(
        int $connection,
        string $language,
        int $version,
        int $category,
        string $offers,
        string $search = '',
    ): ?array {
        return $this->at($connection, $language, static fn (Desk $desk): array
            => $desk->propertyTable($desk->mappings->of($version), $category, $offers === 'Y')->attributes(trim($search)));
    }

    /**
     * Properties fill attributes of every category.
     *
     * @param string $properties JSON: attribute => code of a property; empty: all whose names are the same as an attribute's
     */
    public function assignPropertiesAction(
        int $connection,
        string $language,
        int $version,
        int $category,
        string $offers,
        string $properties,
    ): ?array {
        return $this->at($connection, $language, static function (Desk $desk) use ($version, $category, $offers, $properties): array {
            $mapping = $desk->mappings->of($version);
            $given = array_map(Input::text(...), Input::decode($properties));
            $given = $given === [] ? $desk->propertyTable($mapping, $category, $offers === 'Y')->matches() : $given;
            Change::ofProperties($mapping, $given, $offers === 'Y');

            return ['version' => $given === [] ? $version : $desk->save($mapping), 'count' => count($given)];
        });
    }

    public function attributeValuesAction(
        int $connection,
        string $language,
        int $category,
        int $attribute,
        string $search = '',
    ): ?array {
        return $this->at($connection, $language, static fn (Desk $desk): array
            => Schema::search($desk->mappings->attribute($category, $attribute) ?? [], trim($search), $desk->language));
    }

    /** @param string $state `all`, `unmatched` or `paired` */
    public function valuesAction(
        int $connection,
        string $language,
        int $version,
        string $section,
        int $attribute,
        string $sku,
        string $search = '',
        string $state = 'all',
        string $cursor = '',
    ): ?array {
        $place = new AttributePlace($section, $attribute, $sku === 'Y');

        return $this->at($connection, $language, static fn (Desk $desk): array
            => $desk->values($version, $place, trim($search), $state, $cursor));
    }

    /** @param string $pairs JSON: the shop's value => AliExpress's, 0 takes a pair away */
    public function pairAction(
        int $connection,
        string $language,
        int $version,
        string $section,
        int $attribute,
        string $sku,
        string $pairs,
    ): ?array {
        $place = new AttributePlace($section, $attribute, $sku === 'Y');

        return $this->at($connection, $language, static fn (Desk $desk): array
            => self::paired($desk, $version, $place, Input::pairs(Input::decode($pairs))));
    }

    /** Pairs all values whose names say enough. */
    public function autoMatchAction(
        int $connection,
        string $language,
        int $version,
        string $section,
        int $attribute,
        string $sku,
    ): ?array {
        $place = new AttributePlace($section, $attribute, $sku === 'Y');

        return $this->at($connection, $language, static function (Desk $desk) use ($version, $place): array {
            $mapping = $desk->mappings->of($version);
            $suggested = [];
            foreach ($desk->mappings->suggestions($place->section, $mapping->category($place->section)) as $one) {
                if (($one['attribute'] ?? 0) === $place->attribute) {
                    array_push($suggested, ...array_filter((array)($one['values'] ?? []), is_array(...)));
                }
            }
            $pairs = $desk->valueTable($mapping, $place)?->matches($suggested) ?? [];

            return $pairs === [] ? ['version' => $version, 'count' => 0] : self::paired($desk, $version, $place, $pairs);
        });
    }

    public function commonAction(int $connection, string $language, int $version): ?array
    {
        return $this->at($connection, $language, static fn (Desk $desk): array => $desk->common($version));
    }

    /** @param string $form JSON of the form */
    public function saveCommonAction(int $connection, string $language, int $version, string $form): ?array
    {
        return $this->at($connection, $language, static function (Desk $desk) use ($version, $form): array {
            $mapping = $desk->mappings->of($version);
            Change::ofCommon($mapping, Input::decode($form));

            return ['version' => $desk->save($mapping)];
        });
    }

    /** @param string $form JSON of a section's form that is not kept yet; empty: the mapping as it is kept */
    public function checkAction(int $connection, string $language, int $version, string $section = '', string $form = ''): ?array
    {
        return $this->at($connection, $language, static function (Desk $desk) use ($version, $section, $form): array {
            $mapping = $desk->mappings->of($version);
            if ($section !== '' && $form !== '') {
                Change::ofSection($mapping, $section, Input::decode($form));
            }

            return $desk->check($mapping);
        });
    }

    public function listingsAction(
        int $connection,
        string $language,
        string $state = '',
        string $reason = '',
        string $cursor = '',
    ): ?array {
        return $this->at($connection, $language, static fn (Desk $desk): array
            => $desk->listings($state, trim($reason), $cursor));
    }

    /** @param array<array-key, int> $pairs */
    private static function paired(Desk $desk, int $version, AttributePlace $place, array $pairs): array
    {
        $mapping = $desk->mappings->of($version);
        $scope = $mapping->scopeOf($place->section, $place->isOfSku, $place->attribute);
        if ($scope === null || !$mapping->pair($scope, $place->isOfSku, $place->attribute, $pairs)) {
            throw new InputInvalid('attribute', 'unreadable');
        }

        return ['version' => $desk->save($mapping), 'count' => count($pairs)];
    }

    /** @param \Closure(Desk): array $do */
    private function at(int $connectionId, string $language, \Closure $do): ?array
    {
        $connection = $this->connection($connectionId);
        if ($connection === null) {
            return null;
        }
        $language = $language === 'ru' ? 'ru' : 'en';
        try {
            return $this->ask($connectionId, static fn (ShopApi $api): array => $do(new Desk(
                $connection,
                $api,
                Application::getConnection(),
                Application::getInstance()->getManagedCache(),
                $language,
            )));
        } catch (MappingChanged $error) {
            $this->addError(new Error($error->getMessage(), 'mapping_changed'));
        } catch (MappingRefused $error) {
            $this->addError(new Error($error->getMessage(), 'mapping_invalid', ['faults' => $error->faults]));
        } catch (InputInvalid $error) {
            $this->addError(new Error($error->getMessage(), 'input_invalid', ['field' => $error->field, 'what' => $error->what]));
        }

        return null;
    }
}
