<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Controller;

use Aligate\Aliexpress\Connection;
use Aligate\Aliexpress\Controller\Filter\Right;
use Aligate\Aliexpress\Gateway\Exception\GatewayException;
use Aligate\Aliexpress\Gateway\Gateways;
use Aligate\Aliexpress\Gateway\ShopApi;
use Aligate\Aliexpress\ModuleOptions;
use Bitrix\Main\Engine\ActionFilter\Authentication;
use Bitrix\Main\Engine\ActionFilter\Csrf;
use Bitrix\Main\Engine\ActionFilter\HttpMethod;
use Bitrix\Main\Engine\Controller;
use Bitrix\Main\Error;

/** What the module's pages call: by a person with rights, from the admin section alone. */
abstract class Page extends Controller
{
    private ?ModuleOptions $options = null;

    protected function getDefaultPreFilters()
    {
        return [
            new Authentication(),
            new HttpMethod([HttpMethod::METHOD_POST]),
            new Csrf(),
            new Right('W'),
        ];
    }

    protected function options(): ModuleOptions
    {
        return $this->options ??= new ModuleOptions();
    }

    /** The connection of that id; where there is none, the answer says so. */
    protected function connection(int $id): ?Connection
    {
        $connection = $this->options()->connection($id);
        if ($connection === null) {
            $this->addError(new Error("there is no connection $id", 'connection_unknown'));
        }

        return $connection;
    }

    /**
     * Asks the connection's gateway; a refusal becomes an error of the answer.
     *
     * @param \Closure(ShopApi): array $ask
     * @return array<array-key, mixed>|null
     */
    protected function ask(int $connectionId, \Closure $ask): ?array
    {
        $connection = $this->connection($connectionId);
        if ($connection === null) {
            return null;
        }
        try {
            return $ask((new Gateways($this->options()))->shopApi($connection));
        } catch (GatewayException $error) {
            $this->addError(new Error($error->getMessage(), $error->problemCode, ['status' => $error->status]));
        } catch (\InvalidArgumentException $error) {
            $this->addError(new Error($error->getMessage(), 'settings_invalid'));
        }

        return null;
    }
}
