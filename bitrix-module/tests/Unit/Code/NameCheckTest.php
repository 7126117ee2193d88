<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Unit\Code;

use Aligate\Aliexpress\Tests\Ast\KernelFacts;
use Aligate\Aliexpress\Tests\Ast\ModuleCode;
use Aligate\Aliexpress\Tests\Ast\NameCheck;
use PHPUnit\Framework\TestCase;

/** The check of names sees what it is there to see. */
final class NameCheckTest extends TestCase
{
    private string $folder;

    protected function setUp(): void
    {
        $this->folder = sys_get_temp_dir() . '/aligate-names-' . bin2hex(random_bytes(4));
        mkdir($this->folder);
    }

    protected function tearDown(): void
    {
        unlink("$this->folder/code.php");
        rmdir($this->folder);
    }

    private function check(string $code): NameCheck
    {
        file_put_contents("$this->folder/code.php", "<?php\nnamespace Some\\Place;\n$code");
        return new NameCheck(new ModuleCode($this->folder), KernelFacts::load());
    }

    /** @return iterable<string, array{string, string, string}> */
    public function faults(): iterable
    {
        yield 'a class' => ['classes', 'function f(\Bitrix\Main\NoSuchThing $x) {}', 'the kernel has no class Bitrix\Main\NoSuchThing'];
        yield 'a static method' => ['staticCalls', '\CIBlockElement::NoSuchMethod(1);', 'the kernel has no CIBlockElement::NoSuchMethod'];
        yield 'too few arguments' => ['staticCalls', '\Bitrix\Main\Config\Option::get("x");', 'needs 2 arguments'];
        yield 'a named argument' => ['staticCalls', '\Bitrix\Main\Config\Option::get(moduleId: "x", title: "y");', 'has no parameter title'];
        yield 'a method of an object' => ['objectCalls', '$x->noSuchMethodAtAll();', 'nobody has a method noSuchMethodAtAll'];
        yield 'a constant of a class' => ['classConstants', 'echo \Bitrix\Catalog\ProductTable::TYPE_NOTHING;', 'the kernel has no Bitrix\Catalog\ProductTable::TYPE_NOTHING'];
        yield 'a function' => ['functionsAndConstants', 'NoSuchFunction();', 'the kernel has no function NoSuchFunction'];
        yield 'a constant' => ['functionsAndConstants', 'echo NO_SUCH_CONSTANT;', 'the kernel has no constant NO_SUCH_CONSTANT'];
        yield 'a table' => ['tables', 'echo "SELECT 1 FROM b_no_such_table";', 'the kernel has no table b_no_such_table'];
    }

    /**
     * @test
     * @dataProvider faults
     */
    public function aNameThatTheKernelLacksIsReported(string $kind, string $code, string $expected): void
    {
        $faults = $kind === 'tables' ? $this->check($code)->tables('b_own_') : $this->check($code)->$kind();
        self::assertCount(1, $faults);
        self::assertStringContainsString($expected, $faults[0]);
    }

    /** @test */
    public function aNameThatOlderKernelsLackNeedsAGuardInTheSameFunction(): void
    {
        $call = '\Bitrix\Catalog\CatalogIblockTable::getRow([]); $x->requireModuleOfSomebody();';
        self::assertCount(1, $this->check("function f() { $call }")->objectCalls());
        $guarded = 'function f() { if (method_exists("\\Bitrix\\Catalog\\GroupTable", "getBasePriceTypeId")) { return \Bitrix\Catalog\GroupTable::getBasePriceTypeId(); } }';
        $bare = 'function f() { return \Bitrix\Catalog\GroupTable::getBasePriceTypeId(); }';
        self::assertSame([], $this->check($guarded)->staticCalls());
        self::assertCount(1, $this->check($bare)->staticCalls());
    }
}
