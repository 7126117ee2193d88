<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\FakeKernel;

/** The kernel would have ended the process here: a redirect, a form of authorisation, a `die`. */
final class HitEnded extends \RuntimeException
{
    public function __construct(string $how, public readonly string $url)
    {
        parent::__construct($how);
    }
}
