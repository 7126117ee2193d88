<?php

namespace Bitrix\Main;

/**
 * Registered handlers of the table `b_module_to_module`, and those of this hit alone.
 *
 * Names are compared in upper case. VERSION 2 gets the event, VERSION 1 its parameters by position. A handler of a
 * module that is not registered is not even loaded.
 */
class EventManager
{
    protected static $instance;

    protected $handlers = [];
    protected $isHandlersLoaded = false;

    protected function __construct()
    {
    }

    public static function getInstance()
    {
        return self::$instance ??= new static();
    }

    public static function setInstance($instance)
    {
        self::$instance = $instance;
    }

    protected function addEventHandlerInternal($fromModuleId, $eventType, $callback, $includeFile, $sort, $version)
    {
        $handler = ['FROM_MODULE_ID' => $fromModuleId, 'MESSAGE_ID' => $eventType, 'CALLBACK' => $callback, 'SORT' => $sort,
            'FULL_PATH' => $includeFile, 'VERSION' => $version, 'TO_NAME' => ''];
        return $this->keep($handler);
    }

    private function keep(array $handler): int
    {
        $at = &$this->handlers[strtoupper($handler['FROM_MODULE_ID'])][strtoupper($handler['MESSAGE_ID'])];
        $at[] = $handler;
        $key = array_key_last($at);
        uasort($at, static fn (array $one, array $other): int => (int)$one['SORT'] <=> (int)$other['SORT']);
        return $key;
    }

    public function addEventHandler($fromModuleId, $eventType, $callback, $includeFile = false, $sort = 100)
    {
        return $this->addEventHandlerInternal($fromModuleId, $eventType, $callback, $includeFile, $sort, 2);
    }

    public function addEventHandlerCompatible($fromModuleId, $eventType, $callback, $includeFile = false, $sort = 100)
    {
        return $this->addEventHandlerInternal($fromModuleId, $eventType, $callback, $includeFile, $sort, 1);
    }

    public function removeEventHandler($fromModuleId, $eventType, $iEventHandlerKey)
    {
        $at = &$this->handlers[strtoupper($fromModuleId)][strtoupper($eventType)];
        $isThere = isset($at[$iEventHandlerKey]);
        unset($at[$iEventHandlerKey]);
        return $isThere;
    }

    public function registerEventHandler($fromModuleId, $eventType, $toModuleId, $toClass = '', $toMethod = '', $sort = 100, $toPath = '', $toMethodArg = [])
    {
        $this->registerEventHandlerInternal($fromModuleId, $eventType, $toModuleId, $toClass, $toMethod, $sort, $toPath, $toMethodArg, 2);
    }

    public function registerEventHandlerCompatible($fromModuleId, $eventType, $toModuleId, $toClass = '', $toMethod = '', $sort = 100, $toPath = '', $toMethodArg = [])
    {
        $this->registerEventHandlerInternal($fromModuleId, $eventType, $toModuleId, $toClass, $toMethod, $sort, $toPath, $toMethodArg, 1);
    }

    protected function registerEventHandlerInternal($fromModuleId, $eventType, $toModuleId, $toClass, $toMethod, $sort, $toPath, $toMethodArg, $version)
    {
        $arguments = empty($toMethodArg) ? '' : (is_array($toMethodArg) ? serialize($toMethodArg) : (string)$toMethodArg);
        $unique = md5(strtolower("$fromModuleId.$eventType.$toModuleId.$toPath.$toClass.$toMethod.$arguments.$version"));
        $connection = Application::getConnection();
        $helper = $connection->getSqlHelper();
        [$columns, $values] = $helper->prepareInsert('b_module_to_module', [
            'SORT' => $sort, 'FROM_MODULE_ID' => $fromModuleId, 'MESSAGE_ID' => $eventType, 'TO_MODULE_ID' => $toModuleId,
            'TO_CLASS' => $toClass, 'TO_METHOD' => $toMethod, 'TO_PATH' => $toPath, 'TO_METHOD_ARG' => $arguments,
            'VERSION' => $version, 'UNIQUE_ID' => $unique,
        ]);
        $connection->queryExecute($helper->getInsertIgnore('b_module_to_module', "($columns)", "VALUES ($values)"));
        $this->clearLoadedHandlers();
    }

    public function unRegisterEventHandler($fromModuleId, $eventType, $toModuleId, $toClass = '', $toMethod = '', $toPath = '', $toMethodArg = [])
    {
        $helper = Application::getConnection()->getSqlHelper();
        $arguments = empty($toMethodArg) ? '' : (is_array($toMethodArg) ? serialize($toMethodArg) : (string)$toMethodArg);
        $where = [];
        foreach (
            ['FROM_MODULE_ID' => $fromModuleId, 'MESSAGE_ID' => $eventType, 'TO_MODULE_ID' => $toModuleId, 'TO_CLASS' => $toClass,
            'TO_METHOD' => $toMethod, 'TO_PATH' => $toPath, 'TO_METHOD_ARG' => $arguments] as $column => $value
        ) {
            $where[] = $value !== ''
                ? "$column = '" . $helper->forSql($value) . "'"
                : "($column = '' OR $column IS NULL)";
        }
        Application::getConnection()->queryExecute('DELETE FROM b_module_to_module WHERE ' . implode(' AND ', $where));
        $this->clearLoadedHandlers();
    }

    protected function loadEventHandlers()
    {
        $this->isHandlersLoaded = true;
        $sql = 'SELECT m2m.* FROM b_module_to_module m2m INNER JOIN b_module m ON m2m.TO_MODULE_ID = m.ID ORDER BY m2m.SORT, m2m.ID';
        foreach (Application::getConnection()->query($sql)->fetchAll() as $row) {
            $row['TO_METHOD_ARG'] = ($row['TO_METHOD_ARG'] ?? '') === '' ? [] : unserialize($row['TO_METHOD_ARG'], ['allowed_classes' => false]);
            $row['TO_NAME'] = "{$row['TO_CLASS']}::{$row['TO_METHOD']} ({$row['TO_MODULE_ID']})";
            $this->keep($row + ['IS_REGISTERED' => true]);
        }
    }

    public function clearLoadedHandlers()
    {
        $this->isHandlersLoaded = false;
        foreach ($this->handlers as $module => $types) {
            foreach ($types as $type => $handlers) {
                $this->handlers[$module][$type] = array_filter($handlers ?? [], static fn (array $one): bool => !isset($one['IS_REGISTERED']));
            }
        }
    }

    public function findEventHandlers($eventModuleId, $eventType, ?array $filter = null)
    {
        $this->isHandlersLoaded || $this->loadEventHandlers();
        return array_values($this->handlers[strtoupper($eventModuleId)][strtoupper($eventType)] ?? []);
    }

    public function send(Event $event)
    {
        foreach ($this->findEventHandlers($event->getModuleId(), $event->getEventType(), $event->getFilter()) as $handler) {
            $this->sendToEventHandler($handler, $event);
        }
    }

    protected function sendToEventHandler(array $handler, Event $event)
    {
        $module = $handler['TO_MODULE_ID'] ?? '';
        if ($module !== '' && $module !== 'main' && !Loader::includeModule($module)) {
            return;
        }
        if (($handler['TO_PATH'] ?? '') !== '') {
            include_once Loader::getDocumentRoot() . $handler['TO_PATH'];
        } elseif (!empty($handler['FULL_PATH'])) {
            include_once $handler['FULL_PATH'];
        }
        $callback = $handler['CALLBACK'] ?? [$handler['TO_CLASS'] ?? '', $handler['TO_METHOD'] ?? ''];
        if (!isset($handler['CALLBACK']) && !class_exists($callback[0])) {
            return;
        }
        $arguments = (int)($handler['VERSION'] ?? 1) > 1 ? [$event] : array_values((array)$event->getParameters());
        $result = call_user_func_array($callback, array_merge((array)($handler['TO_METHOD_ARG'] ?? []), $arguments));
        if ($result !== null && !$result instanceof EventResult) {
            $result = new EventResult(EventResult::UNDEFINED, $result, $module);
        }
        if ($result !== null) {
            $event->addResult($result);
        }
    }
}
