<?php

namespace Bitrix\Main;

/** The hit: its connection, context and background jobs. */
abstract class Application
{
    public const JOB_PRIORITY_NORMAL = 100;
    public const JOB_PRIORITY_LOW = 50;

    protected static $instance;

    protected $context;
    protected $connectionPool;
    protected $managedCache;
    protected $exceptionHandler;
    /** @var array<int, list<array{callable, array}>> by priority */
    protected $backgroundJobs = [];
    protected $terminating = false;

    protected function __construct()
    {
    }

    public static function getInstance()
    {
        return self::$instance ??= new HttpApplication();
    }

    public static function hasInstance()
    {
        return static::$instance !== null;
    }

    abstract protected function initializeContext(array $params);

    abstract public function start();

    public function getContext()
    {
        return $this->context;
    }

    public function setContext(Context $context)
    {
        $this->context = $context;
    }

    public function getConnectionPool()
    {
        return $this->connectionPool ??= new Data\ConnectionPool();
    }

    public static function getConnection($name = "")
    {
        return static::getInstance()->getConnectionPool()->getConnection($name);
    }

    public function getManagedCache()
    {
        return $this->managedCache ??= new Data\ManagedCache();
    }

    public function getTaggedCache()
    {
        return new Data\TaggedCache();
    }

    public function getExceptionHandler()
    {
        return $this->exceptionHandler ??= new Diag\ExceptionHandler();
    }

    public static function getDocumentRoot()
    {
        return Loader::getDocumentRoot();
    }

    public static function isUtfMode()
    {
        return true;
    }

    public function addBackgroundJob(callable $job, array $args = [], $priority = self::JOB_PRIORITY_NORMAL)
    {
        $this->backgroundJobs[$priority][] = [$job, $args];
        return $this;
    }

    /** Sends the response, then runs the jobs. The kernel ends the process after it; so does the fake outside PHPUnit. */
    public function end($status = 0, ?Response $response = null)
    {
        ($response ?? $this->context?->getResponse())?->send();
        $this->terminate($status);
    }

    public function terminate($status = 0)
    {
        if ($this->terminating) {
            return;
        }
        $this->terminating = true;
        try {
            foreach (GetModuleEvents('main', 'OnAfterEpilog', true) as $handler) {
                ExecuteModuleEventEx($handler);
            }
            $this->runBackgroundJobs();
        } finally {
            $this->terminating = false;
        }
        if (!defined('ALIGATE_FAKE_KERNEL_IN_PHPUNIT')) {
            exit($status);
        }
    }

    /** Higher priority first; a job may add jobs; one that throws does not stop the others, the last error is rethrown. */
    protected function runBackgroundJobs()
    {
        $thrown = null;
        while ($this->backgroundJobs !== []) {
            krsort($this->backgroundJobs);
            $priority = array_key_first($this->backgroundJobs);
            [$job, $args] = array_shift($this->backgroundJobs[$priority]);
            if ($this->backgroundJobs[$priority] === []) {
                unset($this->backgroundJobs[$priority]);
            }
            try {
                call_user_func_array($job, $args);
            } catch (\Throwable $error) {
                $this->getExceptionHandler()->writeToLog($error);
                $thrown = $error;
            }
        }
        if ($thrown !== null) {
            throw $thrown;
        }
    }
}
