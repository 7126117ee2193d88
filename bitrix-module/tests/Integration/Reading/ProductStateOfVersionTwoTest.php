<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Integration\Reading;

require_once __DIR__ . '/ProductStateTest.php';

/** The same with properties in tables of their own ("version 2"). */
final class ProductStateOfVersionTwoTest extends ProductStateTest
{
    protected function isSeparate(): bool
    {
        return true;
    }
}
