"""What did a person type wrongly? click's usage errors as Chinese sentences."""

import click


def usage_text(error: click.UsageError) -> str:
    """What is wrong with a command line, without its full stop."""
    match error:
        case click.NoSuchOption(option_name=name, possibilities=near):
            return f"没有选项 {name}" + (f"，是不是 {'、'.join(sorted(near))}" if near else "")
        case click.MissingParameter():
            return f"缺少参数 {_name(error)}"
        case click.BadParameter():
            return f"{_name(error)} 的值不对（{error.message.rstrip('.')}）"
        case click.BadOptionUsage(option_name=name):
            return f"选项 {name} 后面少了值，或用法不对"
        case _:
            return f"命令不对（{error.format_message().rstrip('.')}）"


def _name(error: click.BadParameter) -> str:
    if error.param is None:
        return error.param_hint if isinstance(error.param_hint, str) else "选项"
    return (
        error.param.make_metavar(error.ctx)
        if isinstance(error.param, click.Argument) and error.ctx
        else (error.param.opts[0])
    )
