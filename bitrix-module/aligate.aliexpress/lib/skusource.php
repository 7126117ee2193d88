<?php

declare(strict_types=1);

namespace Aligate\Aliexpress;

/** Where the SKU of an offer or a simple product is found. */
enum SkuSource: string
{
    /** The property named by the connection: of the offer, else of its product. */
    case Property = 'property';
    case XmlId = 'xml_id';
    case Code = 'code';
    case Id = 'id';
}
