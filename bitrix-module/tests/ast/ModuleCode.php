<?php

declare(strict_types=1);

namespace Aligate\Aliexpress\Tests\Ast;

use PhpParser\Node;
use PhpParser\NodeTraverser;
use PhpParser\NodeVisitor\NameResolver;
use PhpParser\NodeVisitor\ParentConnectingVisitor;
use PhpParser\ParserFactory;

require_once 'PhpParser/autoload.php';

/** The syntax trees of a folder's PHP files, and the names that stand in them. */
final class ModuleCode
{
    /** @var array<string, list<Node>> by path below the folder */
    private array $trees = [];

    public function __construct(public readonly string $folder)
    {
        $parser = (new ParserFactory())->create(ParserFactory::ONLY_PHP7);
        $files = new \RecursiveIteratorIterator(new \RecursiveDirectoryIterator($folder, \FilesystemIterator::SKIP_DOTS));
        foreach ($files as $file) {
            $path = substr($file->getPathname(), strlen($folder) + 1);
            if ($file->getExtension() !== 'php' || str_starts_with($path, 'lang/')) {
                continue;
            }
            $traverser = new NodeTraverser();
            $traverser->addVisitor(new NameResolver());
            $traverser->addVisitor(new ParentConnectingVisitor());
            $this->trees[$path] = $traverser->traverse($parser->parse((string)file_get_contents($file->getPathname())) ?? []);
        }
        ksort($this->trees);
    }

    public static function ofModule(): self
    {
        return new self(dirname(__DIR__, 2) . '/aligate.aliexpress');
    }

    /** @return list<string> */
    public function files(): array
    {
        return array_keys($this->trees);
    }

    /**
     * @template T of Node
     * @param class-string<T> ...$types
     * @return iterable<string, T> by path
     */
    public function nodes(string ...$types): iterable
    {
        foreach ($this->trees as $path => $tree) {
            foreach ((new \PhpParser\NodeFinder())->find($tree, static fn (Node $node): bool => in_array($node::class, $types, true)) as $node) {
                yield $path => $node;
            }
        }
    }

    /** @return iterable<string, array{string, Node}> every class name as it is resolved, without those of PHP's own words */
    public function classNames(): iterable
    {
        foreach ($this->nodes(Node\Name\FullyQualified::class) as $path => $name) {
            $parent = $name->getAttribute('parent');
            if ($parent instanceof Node\Expr\FuncCall || $parent instanceof Node\Expr\ConstFetch) {
                continue;
            }
            yield $path => [$name->toString(), $name];
        }
    }

    /** @return list<string> the classes, interfaces and enums that the folder declares */
    public function declared(): array
    {
        $declared = [];
        $types = [Node\Stmt\Class_::class, Node\Stmt\Interface_::class, Node\Stmt\Enum_::class, Node\Stmt\Trait_::class];
        foreach ($this->nodes(...$types) as $node) {
            isset($node->namespacedName) && $declared[] = $node->namespacedName->toString();
        }
        return $declared;
    }

    /** @return list<string> in lower case: methods that the folder's own classes declare */
    public function declaredMethods(): array
    {
        $names = [];
        foreach ($this->nodes(Node\Stmt\ClassMethod::class) as $node) {
            $names[] = $node->name->toLowerString();
        }
        return array_values(array_unique($names));
    }

    /** @return list<string> in lower case */
    public function declaredFunctions(): array
    {
        $names = [];
        foreach ($this->nodes(Node\Stmt\Function_::class) as $node) {
            $names[] = strtolower($node->namespacedName->toString());
        }
        return $names;
    }

    /** The function or method that a node stands in, else nothing. */
    public static function functionOf(Node $node): ?Node\FunctionLike
    {
        $function = null;
        for ($at = $node; $at !== null; $at = $at->getAttribute('parent')) {
            if ($at instanceof Node\Stmt\ClassMethod || $at instanceof Node\Stmt\Function_) {
                $function = $at;
            }
        }
        return $function;
    }
}
