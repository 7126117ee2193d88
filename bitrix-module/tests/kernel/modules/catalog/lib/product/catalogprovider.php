<?php

namespace Bitrix\Catalog\Product;

/** By its name a line of a basket knows that it is of the catalogue; what it does is in the harness: `Stock`. */
class CatalogProvider
{
    public function __construct(array $context = array())
    {
    }
}
