<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Kernel;

use Aligate\Aliexpress\Tests\FakeKernel\Hit;
use Aligate\Aliexpress\Tests\FakeKernel\KernelTestCase;
use Bitrix\Main\Event;
use Bitrix\Main\EventManager;
use Bitrix\Main\EventResult;
use Bitrix\Main\ModuleManager;

/** How handlers are found and called: the traps of the facts, §0. */
final class EventManagerTest extends KernelTestCase
{
    /** @var list<array> what the handlers below were called with */
    public static array $calls = [];

    protected function setUp(): void
    {
        parent::setUp();
        self::$calls = [];
    }

    public static function remember(mixed ...$arguments): mixed
    {
        self::$calls[] = $arguments;
        return count(self::$calls);
    }

    /** @test */
    public function namesAreComparedInAnyCase(): void
    {
        EventManager::getInstance()->registerEventHandler('catalog', 'onAfterSomething', 'main', self::class, 'remember');
        (new Event('Catalog', 'ONAFTERSOMETHING', ['id' => 5]))->send();
        self::assertCount(1, self::$calls);
    }

    /** @test */
    public function aNewHandlerGetsTheEventAndACompatibleOneItsParameters(): void
    {
        EventManager::getInstance()->registerEventHandler('sale', 'E', 'main', self::class, 'remember', 100);
        EventManager::getInstance()->registerEventHandlerCompatible('sale', 'E', 'main', self::class, 'remember', 99);
        (new Event('sale', 'E', ['ENTITY' => 'order', 'VALUES' => ['a']]))->send();
        self::assertSame(['order', ['a']], self::$calls[0]);
        self::assertInstanceOf(Event::class, self::$calls[1][0]);
    }

    /** @test */
    public function anOldEventIsPassedByPositionToEitherKindOfHandler(): void
    {
        EventManager::getInstance()->addEventHandler('iblock', 'OnOld', [self::class, 'remember']);
        EventManager::getInstance()->addEventHandlerCompatible('iblock', 'OnOld', [self::class, 'remember']);
        foreach (GetModuleEvents('iblock', 'OnOld', true) as $handler) {
            ExecuteModuleEventEx($handler, [7, ['x']]);
        }
        self::assertSame([[7, ['x']], [7, ['x']]], self::$calls);
    }

    /** @test */
    public function registeringTwiceIsOneHandler(): void
    {
        EventManager::getInstance()->registerEventHandler('sale', 'E', 'main', self::class, 'remember');
        EventManager::getInstance()->registerEventHandler('sale', 'E', 'main', self::class, 'remember');
        self::assertCount(1, EventManager::getInstance()->findEventHandlers('sale', 'E'));
    }

    /** @test */
    public function aHandlerOfAModuleThatIsNotInstalledNeverRuns(): void
    {
        EventManager::getInstance()->registerEventHandler('sale', 'E', 'nobody.module', self::class, 'remember');
        (new Event('sale', 'E'))->send();
        self::assertSame([], self::$calls);
    }

    /** @test */
    public function theLowerSortIsCalledFirst(): void
    {
        EventManager::getInstance()->registerEventHandlerCompatible('sale', 'E', 'main', self::class, 'remember', 200, '', ['late']);
        EventManager::getInstance()->registerEventHandlerCompatible('sale', 'E', 'main', self::class, 'remember', 50, '', ['early']);
        (new Event('sale', 'E', []))->send();
        self::assertSame([['early'], ['late']], self::$calls);
    }

    /** @test */
    public function aResultOfAHandlerIsKeptWithTheEvent(): void
    {
        EventManager::getInstance()->addEventHandler('sale', 'E', static fn () => new EventResult(EventResult::ERROR, 'no'));
        $event = new Event('sale', 'E');
        $event->send();
        self::assertSame(EventResult::ERROR, $event->getResults()[0]->getType());
    }

    /** @test */
    public function anExceptionOfAHandlerReachesTheSender(): void
    {
        EventManager::getInstance()->addEventHandler('sale', 'E', static fn () => throw new \LogicException('broken handler'));
        $this->expectExceptionMessage('broken handler');
        (new Event('sale', 'E'))->send();
    }

    /** @test */
    public function handlersOfTheHitAreGoneInTheNextAndRegisteredOnesStay(): void
    {
        EventManager::getInstance()->addEventHandler('sale', 'E', [self::class, 'remember']);
        EventManager::getInstance()->registerEventHandler('sale', 'E', 'main', self::class, 'remember');
        Hit::start();
        self::assertCount(1, EventManager::getInstance()->findEventHandlers('sale', 'E'));
    }

    /** @test */
    public function removalTakesTheHandlerAway(): void
    {
        EventManager::getInstance()->registerEventHandler('sale', 'E', 'main', self::class, 'remember');
        EventManager::getInstance()->unRegisterEventHandler('sale', 'E', 'main', self::class, 'remember');
        self::assertSame([], EventManager::getInstance()->findEventHandlers('sale', 'E'));
    }

    /** @test */
    public function aModuleThatIsRegisteredInTheSameHitHasItsHandlersAtOnce(): void
    {
        mkdir($this->site->root() . '/local/modules/other.module', 0755, true);
        EventManager::getInstance()->registerEventHandler('sale', 'E', 'other.module', self::class, 'remember');
        self::assertSame([], EventManager::getInstance()->findEventHandlers('sale', 'E'));
        ModuleManager::registerModule('other.module');
        (new Event('sale', 'E'))->send();
        self::assertCount(1, self::$calls);
        rmdir($this->site->root() . '/local/modules/other.module');
    }
}
