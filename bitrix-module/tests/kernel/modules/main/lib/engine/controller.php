<?php

namespace Bitrix\Main\Engine;

use Bitrix\Main\Context;
use Bitrix\Main\Engine\ActionFilter;
use Bitrix\Main\Engine\Contract\Controllerable;
use Bitrix\Main\Error;
use Bitrix\Main\ErrorCollection;
use Bitrix\Main\Errorable;
use Bitrix\Main\Event;
use Bitrix\Main\EventResult;
use Bitrix\Main\Request;

/** Actions that are called over HTTP, each behind its filters. */
class Controller implements Errorable, Controllerable
{
    protected $request;
    /** @var ErrorCollection */
    protected $errorCollection;

    public function __construct(?Request $request = null)
    {
        $this->request = $request ?? Context::getCurrent()->getRequest();
        $this->errorCollection = new ErrorCollection();
        $this->init();
    }

    protected function init()
    {
    }

    public function configureActions()
    {
        return [];
    }

    protected function getDefaultPreFilters()
    {
        return [
            new ActionFilter\Authentication(),
            new ActionFilter\HttpMethod([ActionFilter\HttpMethod::METHOD_GET, ActionFilter\HttpMethod::METHOD_POST]),
            new ActionFilter\Csrf(),
        ];
    }

    protected function getDefaultPostFilters()
    {
        return [];
    }

    public function getRequest()
    {
        return $this->request;
    }

    public function getCurrentUser(): ?CurrentUser
    {
        return CurrentUser::get();
    }

    /** Runs the filters, then the action with what the lists of parameters name. */
    public function run($actionName, array $sourceParametersList)
    {
        $method = $actionName . self::METHOD_ACTION_SUFFIX;
        if (!method_exists($this, $method)) {
            $this->addError(new Error("Could not find description of $actionName in " . static::class, 22002));
            return null;
        }
        $action = new Action($actionName, $this);
        $event = new Event('main', 'onBeforeAction', ['action' => $action, 'controller' => $this]);
        foreach ($this->filtersOf($actionName) as $filter) {
            $filter->bindAction($action);
            $result = $filter->onBeforeAction($event);
            $this->addErrors($filter->getErrors());
            if ($result instanceof EventResult && $result->getType() === EventResult::ERROR) {
                return null;
            }
        }
        if ($this->processBeforeAction($action) !== true) {
            return null;
        }
        try {
            $arguments = $this->bind(new \ReflectionMethod($this, $method), $sourceParametersList);
            $result = $this->$method(...$arguments);
        } catch (\Throwable $fault) {
            $this->runProcessingThrowable($fault);
            return null;
        }
        return $this->processAfterAction($action, $result) ?? $result;
    }

    /** @return list<ActionFilter\Base> */
    private function filtersOf(string $actionName): array
    {
        $config = array_change_key_case($this->configureActions())[strtolower($actionName)] ?? [];
        $filters = $config['prefilters'] ?? $this->getDefaultPreFilters();
        $without = $config['-prefilters'] ?? [];
        $filters = array_filter($filters, static fn (ActionFilter\Base $one): bool => !in_array($one::class, array_map(static fn ($name) => ltrim($name, '\\'), $without), true));
        return array_merge(array_values($filters), $config['+prefilters'] ?? []);
    }

    private function bind(\ReflectionMethod $method, array $lists): array
    {
        $arguments = [];
        foreach ($method->getParameters() as $parameter) {
            $type = $parameter->getType() instanceof \ReflectionNamedType ? $parameter->getType()->getName() : '';
            if ($type === CurrentUser::class) {
                $arguments[] = CurrentUser::get();
                continue;
            }
            $found = false;
            foreach ($lists as $list) {
                if (isset($list[$parameter->getName()])) {
                    $found = true;
                    $value = $list[$parameter->getName()];
                    break;
                }
            }
            if (!$found && !$parameter->isDefaultValueAvailable()) {
                throw new \Bitrix\Main\ArgumentException("Could not find value for parameter {{$parameter->getName()}}", $parameter->getName());
            }
            $arguments[] = $found ? $this->cast($value, $type) : $parameter->getDefaultValue();
        }
        return $arguments;
    }

    private function cast(mixed $value, string $type): mixed
    {
        return match ($type) {
            'int' => (int)$value,
            'float' => (float)$value,
            'bool' => $value === 'true' || $value === true || (is_numeric($value) && (int)$value !== 0) || $value === 'Y',
            'array' => (array)$value,
            'string' => (string)$value,
            default => $value,
        };
    }

    protected function processBeforeAction(Action $action)
    {
        return true;
    }

    protected function processAfterAction(Action $action, $result)
    {
    }

    protected function runProcessingThrowable(\Throwable $throwable)
    {
        \Bitrix\Main\Application::getInstance()->getExceptionHandler()->writeToLog($throwable);
        $this->addError(Error::createFromThrowable($throwable));
    }

    protected function addError(Error $error)
    {
        $this->errorCollection[] = $error;
        return $this;
    }

    protected function addErrors(array $errors)
    {
        $this->errorCollection->add($errors);
        return $this;
    }

    public function getErrors()
    {
        return $this->errorCollection->toArray();
    }

    public function getErrorByCode($code)
    {
        return $this->errorCollection->getErrorByCode($code);
    }
}
