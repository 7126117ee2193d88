<?php

declare(strict_types=1);

// Names that the kernel of 2019 (main 20.0.50) lacks and every supported one (main 23 and later) has. The facts know main 20, 25.5
// and 26 only: what came in between stands here, with the version that its documentation or its changelog names.

return [
    'Bitrix\Main\DI\ServiceLocator' => 'main 20.5.400',
    'Bitrix\Main\Application::addBackgroundJob' => 'main 20.0.975',
    'Bitrix\Main\DB\Connection::lock' => 'main 21.900',
    'Bitrix\Main\DB\Connection::unlock' => 'main 21.900',
    'Bitrix\Main\Web\HttpHeaders::has' => 'main 22.100',
    'Bitrix\Catalog\Config\State::isEnabledInventoryManagement' => 'catalog 22.100',
    'Bitrix\Main\ORM\Fields\ScalarField::configureNullable' => 'main 20.5',
];
