<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Installation;

/** The database refused a statement of the installation. */
final class InstallationFailed extends \RuntimeException
{
}
