<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\FakeKernel;

use Bitrix\Main\Application;

/** What the kernel's importer does with a file: the same calls of the same API in the same order, of metadata, sections and elements. */
final class CommerceMlImport
{
    /** The properties that every imported infoblock gets, by code; F is a file. */
    private const PROPERTIES = ['CML2_BAR_CODE' => 'S', 'CML2_ARTICLE' => 'S', 'CML2_ATTRIBUTES' => 'S', 'CML2_TRAITS' => 'S', 'CML2_BASE_UNIT' => 'S',
        'CML2_TAXES' => 'S', 'CML2_PICTURES' => 'F', 'CML2_FILES' => 'F', 'CML2_MANUFACTURER' => 'L'];
    private const SECTION_SORT = 110;

    private int $iblock = 0;
    private int $parent = 0;
    private bool $isOffers = false;
    /** @var array<string, array{ID: string, TMP_ID: ?string, ACTIVE: string, NAME: string}> by external code, of products and of offers */
    private array $known = [];
    /** @var array<string, int> id of a property by code, of the infoblock that is loaded */
    private array $properties = [];
    /** @var array<string, string> sections, by external code */
    private array $sections = [];
    private readonly CommerceMlGoods $goods;

    /** @param array<string, mixed> $parameters */
    public function __construct(private readonly CommerceMlFile $file, private readonly array $parameters)
    {
        $this->goods = new CommerceMlGoods();
    }

    /** @param array<string, mixed> $state gets the infoblock of the file, that of its products, and which kind of file it is */
    public function metaData(array &$state): bool
    {
        $head = $this->file->head();
        $state['isOffers'] = $head['isOffers'];
        $state['isFull'] = $head['isFull'];
        $state['parent'] = $head['isOffers'] ? self::iblockOf($head['catalogue']) : 0;
        $state['iblock'] = $this->iblock($head, $state['parent']);
        foreach ($head['stores'] as $code => $title) {
            $id = Application::getConnection()->queryScalar("SELECT ID FROM b_catalog_store WHERE XML_ID = '" . self::sql((string)$code) . "'");
            $fields = ['TITLE' => $title, 'XML_ID' => (string)$code];
            $id === null ? \CCatalogStore::Add($fields) : \CCatalogStore::Update((int)$id, $fields);
        }

        return true;
    }

    private static function sql(string $text): string
    {
        return Application::getConnection()->getSqlHelper()->forSql($text);
    }

    private static function iblockOf(string $code): int
    {
        return (int)Application::getConnection()->queryScalar("SELECT ID FROM b_iblock WHERE XML_ID = '" . self::sql($code) . "'");
    }

    private function iblock(array $head, int $parent): int
    {
        $id = self::iblockOf($head['id']);
        $fields = ['XML_ID' => $head['id'], 'NAME' => $head['name']] + ($head['isOffers'] ? ['CATALOG_XML_ID' => $head['catalogue']] : []);
        if ($id > 0) {
            (new \CIBlock())->Update($id, $fields);
        } else {
            $id = (int)(new \CIBlock())->Add($fields + ['IBLOCK_TYPE_ID' => $this->parameters['IBLOCK_TYPE'], 'GROUP_ID' => [2 => 'R'],
                'LID' => $this->parameters['SITE_LIST'], 'ACTIVE' => 'Y', 'WORKFLOW' => 'N', 'FIELDS' => ['CODE' => [], 'SECTION_CODE' => []]]);
        }
        $existing = array_column(ElementProperties::ofIblock($id), 'ID', 'CODE');
        if ($head['isOffers'] && !isset($existing['CML2_LINK'])) {
            $existing['CML2_LINK'] = (new \CIBlockProperty())->Add(['LINK_IBLOCK_ID' => $parent, 'IBLOCK_ID' => $id, 'PROPERTY_TYPE' => 'E', 'USER_TYPE' => 'SKU',
                'NAME' => 'Product', 'CODE' => 'CML2_LINK', 'XML_ID' => 'CML2_LINK', 'FILTRABLE' => 'Y', 'ACTIVE' => 'Y', 'SORT' => 500,
                'MULTIPLE' => 'N', 'IS_REQIRED' => 'N', 'SEARCHABLE' => 'N', 'IS_REQUIRED' => 'N', 'DEFAULT_VALUE' => false]);
        }
        if ($head['isOffers'] && \CCatalog::GetByID($id) === false) {
            \CCatalog::Add(['IBLOCK_ID' => $id, 'PRODUCT_IBLOCK_ID' => $parent, 'SKU_PROPERTY_ID' => $existing['CML2_LINK']]);
        }
        $this->properties($id, $head['properties'], $existing);

        return $id;
    }

    /**
     * Of the properties that exist the pictures and the link are written again, as the kernel was seen to do.
     *
     * @param array<string, string> $own of the classifier
     * @param array<string, int|string> $existing
     */
    private function properties(int $iblock, array $own, array $existing): void
    {
        foreach (self::PROPERTIES as $code => $type) {
            if (!isset($existing[$code])) {
                (new \CIBlockProperty())->Add(['IBLOCK_ID' => $iblock, 'NAME' => $code, 'CODE' => $code, 'XML_ID' => $code, 'MULTIPLE' => $type === 'F' ? 'Y' : 'N',
                    'PROPERTY_TYPE' => $type, 'ACTIVE' => 'Y']);
            } elseif ($code === 'CML2_PICTURES') {
                (new \CIBlockProperty())->Update($existing[$code], ['IS_REQIRED' => 'N']);
            }
        }
        foreach ($own as $xmlId => $name) {
            $code = strtoupper(preg_replace('/\W+/', '_', (string)$xmlId));
            isset($existing[$code]) || (new \CIBlockProperty())->Add(['IBLOCK_ID' => $iblock, 'NAME' => $name, 'CODE' => $code,
                'XML_ID' => (string)$xmlId, 'MULTIPLE' => 'N', 'PROPERTY_TYPE' => 'S', 'ACTIVE' => 'Y']);
        }
        isset($existing['CML2_LINK']) && (new \CIBlockProperty())->Update($existing['CML2_LINK'], ['IS_REQIRED' => 'N']);
    }

    /** Sections that exist already and have not changed tell nothing. */
    public function sections(int $iblock): bool
    {
        foreach ($this->file->head()['groups'] as $code => $name) {
            $row = \CIBlockSection::GetList([], ['IBLOCK_ID' => $iblock, 'XML_ID' => (string)$code])->Fetch();
            if ($row === false) {
                (new \CIBlockSection())->Add(['IBLOCK_SECTION_ID' => false, 'ACTIVE' => 'Y', 'XML_ID' => (string)$code, 'NAME' => $name,
                    'CODE' => strtolower((string)$code), 'IBLOCK_ID' => $iblock, 'SORT' => self::SECTION_SORT, 'DESCRIPTION' => false]);
            } elseif ($row['NAME'] !== $name) {
                (new \CIBlockSection())->Update($row['ID'], ['NAME' => $name]);
            }
        }

        return true;
    }

    /** Before the elements of a step. */
    public function begin(int $iblock, int $parent, bool $isOffers): void
    {
        [$this->iblock, $this->parent, $this->isOffers] = [$iblock, $parent, $isOffers];
        $rows = Application::getConnection()->query("SELECT XML_ID, ID, TMP_ID, ACTIVE, NAME FROM b_iblock_element WHERE IBLOCK_ID IN ($iblock, $parent)");
        while (($row = $rows->fetchRaw()) !== false) {
            $this->known[$row['XML_ID']] = $row;
        }
        $this->properties = array_map('intval', array_column(ElementProperties::ofIblock($iblock), 'ID', 'CODE'));
        $this->sections = array_column(Application::getConnection()->query("SELECT XML_ID, ID FROM b_iblock_section WHERE IBLOCK_ID = $iblock")->fetchAll(), 'ID', 'XML_ID');
    }

    /** @return int the element; 0 where there is none for it */
    public function element(\SimpleXMLElement $node): int
    {
        $code = (string)$node->{CommerceMlFile::words()['id']};
        if ($this->isOffers && !str_contains($code, '#')) {
            return $this->simple($code, $node);
        }
        $hash = (string)crc32((string)$node->asXML());
        $old = $this->known[$code] ?? null;
        if ($old !== null && $old['TMP_ID'] === $hash && $this->parameters['USE_CRC']) {
            return $this->unchanged($old);
        }
        $fields = $this->fields($node, $code, (int)$hash, $old);
        $element = new \CIBlockElement();
        if ($old === null) {
            $id = (int)$element->Add($fields + ['IBLOCK_ID' => $this->iblock]);
            $this->known[$code] = ['ID' => (string)$id, 'TMP_ID' => $hash, 'ACTIVE' => 'Y', 'NAME' => $fields['NAME']];
            $key = $id;
        } else {
            $element->Update((int)$old['ID'], $fields + ['MODIFIED_BY' => 1]);
            $key = $old['ID'];
        }
        $key === 0 && throw new \LogicException("$code: {$element->LAST_ERROR}");
        if ($this->isOffers || \CCatalog::GetByID($this->iblock) !== false) {
            $this->goods->product($key, $this->iblock, $node, $this->parentOf($code));
            $this->goods->prices($key, $node);
            $this->goods->stores($key, $node);
        }

        return (int)$key;
    }

    /** The file says of it what the last one said: an element out of sale comes back, with its offers; else only its time is written. */
    private function unchanged(array $old): int
    {
        $id = (int)$old['ID'];
        if ($old['ACTIVE'] === 'Y') {
            Application::getConnection()->queryExecute("UPDATE b_iblock_element SET TIMESTAMP_X = now() WHERE ID = $id");
            return $id;
        }
        (new \CIBlockElement())->Update($id, ['ACTIVE' => 'Y']);
        foreach ($this->isOffers ? [] : SkuMap::offersOf($id, $this->iblock) as $offer) {
            (new \CIBlockElement())->Update($offer, ['ACTIVE' => 'Y']);
        }

        return $id;
    }

    /** A product without offers in a file of offers, prices or rests: written again whether it changed or not, and no event of the element. */
    private function simple(string $code, \SimpleXMLElement $node): int
    {
        $id = $this->known[$code]['ID'] ?? null;
        if ($id === null) {
            return 0;
        }
        \CCatalog::GetByID($this->parent) === false && \CCatalog::Add(['IBLOCK_ID' => $this->parent]);
        $this->goods->stores($id, $node);
        $this->goods->product($id, $this->parent, $node, null);
        $this->goods->prices($id, $node);
        Application::getConnection()->queryExecute("UPDATE b_iblock_element SET TIMESTAMP_X = now() WHERE ID = $id");

        return 0;
    }

    private function parentOf(string $code): ?string
    {
        return $this->isOffers ? $this->known[explode('#', $code)[0]]['ID'] ?? null : null;
    }

    /** @param array{ID: string, NAME: string}|null $old */
    private function fields(\SimpleXMLElement $node, string $code, int $hash, ?array $old): array
    {
        $w = CommerceMlFile::words();
        $name = (string)$node->{$w['name']} ?: (string)($old['NAME'] ?? $code);
        $fields = ['ACTIVE' => 'Y', 'PROPERTY_VALUES' => $this->values($node, $code, $old === null ? 0 : (int)$old['ID']),
            'TMP_ID' => $hash, 'XML_ID' => $code, 'NAME' => $name];
        if ($this->isOffers) {
            $fields += isset($node->{$w['prices']}) ? ['PRICES' => $this->goods->priceList($node), 'DISCOUNTS' => []] : [];
            $quantity = $this->goods->quantity($node);
            return $fields + ($quantity === null ? [] : ['QUANTITY_RESERVED' => 0, 'QUANTITY' => $quantity]) + ($old === null ? ['CODE' => self::code($name)] : []);
        }
        $sections = array_filter(array_map(fn ($id): string => $this->sections[(string)$id] ?? '', iterator_to_array($node->{$w['groups']}->{$w['id']} ?? [], false)));
        isset($node->{$w['description']}) && $fields += ['DETAIL_TEXT' => (string)$node->{$w['description']}, 'DETAIL_TEXT_TYPE' => 'text'];
        $sections === [] || $fields += ['IBLOCK_SECTION' => $sections, 'IBLOCK_SECTION_ID' => $sections[0]];
        $weight = CommerceMlGoods::weightOf($node);
        $fields += $weight === null ? [] : ['BASE_WEIGHT' => $weight];
        isset($node->{$w['unit']}) && $fields += ['MEASURE' => (string)$this->goods->measure($node)];

        return $fields + ($old !== null && $old['NAME'] === $name ? [] : ['CODE' => self::code($name)]);
    }

    private static function code(string $name): string
    {
        return strtolower(trim((string)preg_replace('/[^A-Za-z0-9]+/', '_', $name), '_')) ?: substr(md5($name), 0, 8);
    }

    /** What the node says of properties; what it does not mention is passed again as it is, but files. */
    private function values(\SimpleXMLElement $node, string $code, int $id): array
    {
        $w = CommerceMlFile::words();
        $said = [];
        $say = function (string $property, string $value, string $description = '') use (&$said): void {
            isset($this->properties[$property]) && $said[$this->properties[$property]]['n' . count($said[$this->properties[$property]] ?? [])] = ['VALUE' => $value, 'DESCRIPTION' => $description];
        };
        $parent = $this->parentOf($code);
        $parent === null || $say('CML2_LINK', $parent);
        isset($node->{$w['article']}) && $say('CML2_ARTICLE', (string)$node->{$w['article']});
        isset($node->{$w['unit']}) && $say('CML2_BASE_UNIT', (string)$node->{$w['unit']}[$w['unitCode']]);
        foreach ([['traits', 'trait', 'CML2_TRAITS'], ['characteristics', 'characteristic', 'CML2_ATTRIBUTES']] as [$all, $one, $property]) {
            foreach ($node->{$w[$all]}->{$w[$one]} ?? [] as $pair) {
                $say($property, (string)$pair->{$w['value']}, (string)$pair->{$w['name']});
            }
        }
        foreach ($node->{$w['propertyValues']}->{$w['propertyValue']} ?? [] as $pair) {
            $say(strtoupper(preg_replace('/\W+/', '_', (string)$pair->{$w['id']})), (string)$pair->{$w['value']});
        }
        $stored = $id > 0 ? ElementProperties::stored($this->iblock, $id) : [];
        foreach ($id > 0 ? ElementProperties::ofIblock($this->iblock) : [] as $property => $facts) {
            if ($facts['PROPERTY_TYPE'] === 'F' || isset($said[$property])) {
                continue;
            }
            foreach ($stored[$property] ?? ['' => ['VALUE' => null, 'DESCRIPTION' => null]] as $key => $row) {
                $said[$property][$key] = ['VALUE' => $row['VALUE'], 'DESCRIPTION' => $row['DESCRIPTION']];
            }
        }

        return $said;
    }
}
