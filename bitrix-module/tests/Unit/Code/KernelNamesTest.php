<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Unit\Code;

use Aligate\Aliexpress\Subscription;
use Aligate\Aliexpress\Tests\Ast\KernelFacts;
use Aligate\Aliexpress\Tests\Ast\ModuleCode;
use Aligate\Aliexpress\Tests\Ast\NameCheck;
use PHPUnit\Framework\TestCase;

/**
 * The module names nothing that a supported kernel (main 23 to 26) lacks.
 *
 * The facts are a fixture: where a new name of the kernel is missing in it, run `tests/kernel/facts/trim.php`.
 */
final class KernelNamesTest extends TestCase
{
    private static NameCheck $check;
    private static KernelFacts $facts;

    public static function setUpBeforeClass(): void
    {
        self::$facts = KernelFacts::load();
        self::$check = new NameCheck(ModuleCode::ofModule(), self::$facts);
    }

    /** @test */
    public function everyClassIsTheModulesOwnPhpsOrTheKernels(): void
    {
        self::assertSame([], self::$check->classes());
    }

    /** @test */
    public function everyStaticCallFindsItsMethodAndGivesItEnough(): void
    {
        self::assertSame([], self::$check->staticCalls());
    }

    /** @test */
    public function everyConstructorGetsEnough(): void
    {
        self::assertSame([], self::$check->constructions());
    }

    /** @test */
    public function everyCallOnAnObjectNamesAMethodThatSomebodyHas(): void
    {
        self::assertSame([], self::$check->objectCalls());
    }

    /** @test */
    public function everyConstantOfAClassIsThere(): void
    {
        self::assertSame([], self::$check->classConstants());
    }

    /** @test */
    public function everyFunctionAndConstantIsThere(): void
    {
        self::assertSame([], self::$check->functionsAndConstants());
    }

    /** @test */
    public function everyTableIsTheModulesOwnOrTheKernels(): void
    {
        self::assertSame([], self::$check->tables('b_aligate_aliexpress_'));
    }

    /** @test */
    public function everySubscriptionIsToAnEventThatTheKernelSendsInTheStyleThatItIsSent(): void
    {
        $faults = [];
        foreach (Subscription::all() as $subscription) {
            $title = "$subscription->module:$subscription->event";
            $event = self::$facts->event($subscription->module, $subscription->event);
            if ($subscription->module === 'main' && str_starts_with($subscription->event, 'OnAfterSetOption_')) {
                // Each option has its own, sent as an event of the new kind.
                $subscription->isOld && $faults[] = "$title: is d7";
                continue;
            }
            $isOrm = self::$facts->ormEvent($subscription->module, $subscription->event) !== null;
            if ($event === null && !$isOrm) {
                $faults[] = "$title: the kernel sends no such event";
            } elseif ($event !== null && $subscription->isOld !== ($event['style'] === 'old')) {
                $faults[] = "$title: is {$event['style']}";
            } elseif ($isOrm && $subscription->isOld) {
                $faults[] = "$title: is an event of the ORM";
            } elseif (!method_exists($subscription->class, $subscription->method)) {
                $faults[] = "$title: {$subscription->class} has no {$subscription->method}";
            } elseif ($event !== null && $subscription->isOld) {
                $handler = new \ReflectionMethod($subscription->class, $subscription->method);
                $handler->getNumberOfRequiredParameters() <= count($event['params']) || $faults[] = "$title: the handler needs more than is passed";
            }
        }
        self::assertSame([], $faults);
    }
}
