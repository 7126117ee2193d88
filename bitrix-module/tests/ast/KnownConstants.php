<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Ast;

/** Constants that the kernel's prologue defines at run time; the facts list those alone that stand in declarations. */
final class KnownConstants
{
    public const OF_EVERY_HIT = ['B_PROLOG_INCLUDED', 'SITE_ID', 'LANGUAGE_ID', 'BX_ROOT', 'ADMIN_SECTION', 'ADMIN_MODULE_NAME', 'SITE_DIR', 'SITE_CHARSET', 'LANG', 'SM_VERSION'];
}
