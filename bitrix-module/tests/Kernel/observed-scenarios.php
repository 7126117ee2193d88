<?php

declare(strict_types=1);

// The scenarios of the running kernel that the fake replays: their names in the facts, by area.

return [
    'iblock' => [
        'CIBlockElement::Add (plain, with section)', 'CIBlockElement::Add (with PROPERTY_VALUES)', 'CIBlockElement::Add (NAME empty)',
        'CIBlockElement::Update NAME', 'CIBlockElement::Update same NAME (no real change)', 'CIBlockElement::Update ACTIVE=N',
        'CIBlockElement::Update IBLOCK_SECTION_ID', 'CIBlockElement::SetElementSection', 'CIBlockElement::Update with PROPERTY_VALUES',
        'CIBlockElement::SetPropertyValueCode', 'CIBlockElement::SetPropertyValues (all)', 'CIBlockElement::SetPropertyValues (one property code)',
        'CIBlockElement::SetPropertyValuesEx', 'CIBlockElement::SetPropertyValuesEx (IBLOCK_ID=false)', '\Bitrix\Iblock\ElementTable::update',
        'CIBlockElement::Add offer with CML2_LINK', 'CIBlockElement::SetPropertyValuesEx on offer', 'CIBlockElement::Update offer ACTIVE=N',
        'CIBlockSection::Add', 'CIBlockSection::Update NAME', 'CIBlockSection::Update ACTIVE=N', 'CIBlockSection::Delete',
        '\Bitrix\Iblock\SectionTable::update', 'CIBlockProperty::Add', 'CIBlockProperty::Update', 'CIBlockPropertyEnum::Add', 'CIBlockProperty::Delete',
        'CIBlock::Update NAME', 'CIBlockElement::Delete offer', 'CIBlockElement::Delete product that has an offer, prices',
        'CIBlockElement::Delete simple element', 'CIBlockElement::Delete non-existing id', 'CIBlockSection::Delete (contains an element with a price)',
        'CIBlockElement::SetPropertyValuesEx CML2_LINK (offer moved to another parent)',
    ],
    'product' => [
        'CCatalogProduct::Add (deprecated alias)', '\Bitrix\Catalog\Model\Product::add', '\Bitrix\Catalog\ProductTable::add', 'CCatalogProduct::Update QUANTITY',
        'CCatalogProduct::Add on existing ID (upsert) QUANTITY', 'Model\Product::update QUANTITY', 'Model\Product::update QUANTITY same value (no change)',
        'Model\Product::update QUANTITY -> 0 (AVAILABLE flips)', 'ProductTable::update QUANTITY', 'direct SQL UPDATE b_catalog_product',
        'CCatalogProduct::QuantityTracer (old deduct)', 'Model\Product::update QUANTITY_RESERVED', 'Model\Product::update WEIGHT,WIDTH,VAT_ID',
        'Model\Product::update PURCHASING_PRICE', 'Model\Product::update MEASURE', 'CCatalogMeasureRatio::add', '\Bitrix\Catalog\MeasureRatioTable::add',
        'Model\Product::update non-existing id', 'Model\Product::update bad currency', 'Model\Product::add for an offer (parent becomes SKU)',
        'Model\Product::update offer QUANTITY 0 -> 5 (parent AVAILABLE flips)', 'Model\Product::update offer QUANTITY 5 -> 6 (no flip)',
        'CCatalogProduct::Update offer QUANTITY', 'ProductTable::update offer QUANTITY -> 0', 'Model\Product::delete', 'ProductTable::delete',
        'CCatalogProduct::Delete', 'Model\Product::update offer QUANTITY under Sku::enableDeferredCalculation',
        'Sku::disableDeferredCalculation + calculate()', '\Bitrix\Catalog\Product\Sku::updateAvailable', 'CCatalogProductSet::add (set of a+b)',
        'Model\Product::update QUANTITY of a set component (5 -> 3)', 'Model\Product::update QUANTITY of a set component (3 -> 0)',
    ],
    'price' => [
        'CPrice::Add', '\Bitrix\Catalog\Model\Price::add', '\Bitrix\Catalog\PriceTable::add', 'CPrice::SetBasePrice (new)', 'CPrice::Update',
        'CPrice::Update same price (no change)', 'CPrice::SetBasePrice (existing)', 'Model\Price::update', 'Model\Price::update same price (no change)',
        'PriceTable::update', 'direct SQL UPDATE b_catalog_price', 'CPrice::Add with EXTRA_ID (wholesale = base +10%)',
        'Model\Price::update BASE with ["actions"=>["RECOUNT_PRICES"=>true]] (recount of extra prices)', 'CPrice::Update BASE, boolRecount=true',
        'CExtra::Update PERCENTAGE, RECALCULATE=Y', 'Model\Price::add with quantity range 1..9', 'Model\Price::update non-existing',
        'Model\Price::add bad group', 'Model\Price::add on offer (parent SKU gets min price)', 'Model\Price::update on offer', 'CPrice::Update on offer',
        'Model\Price::delete on offer', 'CPrice::Delete', 'Model\Price::delete', 'PriceTable::delete', 'CPrice::DeleteByProduct', 'PriceTable::deleteByProduct',
        'CCurrencyRates::Add', 'CCurrency::Update AMOUNT', 'CCatalogGroup::Update', 'CCatalogGroup::Add', 'CCatalogGroup::Delete (has prices)',
    ],
    'stock' => [
        'CCatalogStoreProduct::Add', 'CCatalogStoreProduct::Update', 'CCatalogStoreProduct::Update same amount (no change)',
        'CCatalogStoreProduct::UpdateFromForm (new row)', 'CCatalogStoreProduct::UpdateFromForm (existing row)', 'CCatalogStoreProduct::addToBalanceOfStore',
        'CCatalogStoreProduct::Delete', '\Bitrix\Catalog\StoreProductTable::add', 'StoreProductTable::update', 'StoreProductTable::update QUANTITY_RESERVED',
        'StoreProductTable::delete', 'direct SQL UPDATE b_catalog_store_product', 'CCatalogStore::Update TITLE', 'StoreTable::update ACTIVE=N',
        'CCatalogStore::Add', 'CCatalogStore::Delete (has stock rows)', 'CCatalogDocs::add (draft, type S = store adjustment)',
        'CCatalogDocs::conductDocument (S store adjustment, +3 on store 1)', 'CCatalogDocs::conductDocument (A arrival, +4, BASE_PRICE=111)',
        'CCatalogDocs::conductDocument (M moving, 2 from store 1 to 2)', 'CCatalogDocs::conductDocument (D deduct, 1)', 'CCatalogDocs::cancellationDocument (D)',
        'CCatalogDocs::delete (cancelled)', 'CCatalogDocs::conductDocument (D deduct more than stock)', 'CCatalogDocs::synchronizeStockQuantity (no rows yet)',
        'CCatalogStoreBarCode::Add',
    ],
    'sale' => [
        'Sale\Order->save() (new order, 2 basket items)', 'Order->setField COMMENTS + save', 'PropertyValue->setValue + order save',
        'Order->setField STATUS_ID (F) + save', 'Order->setField STATUS_ID same value + save', 'Payment->setPaid(Y) + order save',
        'Payment->setPaid(N) + order save', 'Shipment->setField TRACKING_NUMBER + order save', 'Shipment->setField STATUS_ID DF + order save',
        'Shipment->allowDelivery() + order save', 'Shipment->setField DEDUCTED=Y + order save (stock -)', 'Shipment->setField DEDUCTED=N + order save (stock +)',
        'Shipment->disallowDelivery() + order save', 'Order::load(id)', 'BasketItem->setField QUANTITY 2->3 + order save', 'BasketItem->delete + order save',
        'Order->setField CANCELED=Y + REASON_CANCELED + save', 'Order->setField CANCELED=N + save', 'Order::load + save() unchanged',
        'Sale\Internals\OrderTable::update STATUS_ID', 'Sale\Internals\ShipmentTable::update TRACKING_NUMBER', 'Sale\Order::delete',
        'Sale\Order->save() (new order, 2 basket items) | store control', 'Shipment->setField DEDUCTED=Y + order save (stock -) | store control',
        'Shipment->setField DEDUCTED=N + order save (stock +) | store control', 'Order->setField CANCELED=Y + REASON_CANCELED + save | store control',
    ],
];
