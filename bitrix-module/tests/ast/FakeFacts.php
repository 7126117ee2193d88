<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Ast;

/** The fake kernel's declarations: what of the facts it stands for. */
final class FakeFacts
{
    public readonly ModuleCode $code;

    public function __construct()
    {
        $this->code = new ModuleCode(dirname(__DIR__) . '/kernel/modules');
    }

    /** @return list<string> */
    public function classes(): array
    {
        return $this->code->declared();
    }
}
