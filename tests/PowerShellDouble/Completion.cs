using System.Collections;
using System.Collections.Generic;
using System.Management.Automation.Language;

namespace System.Management.Automation
{
    public interface IArgumentCompleter
    {
        IEnumerable<CompletionResult> CompleteArgument(
            string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters);
    }

    public class CompletionResult
    {
        public CompletionResult(string completionText, string listItemText, CompletionResultType resultType, string toolTip)
        {
            CompletionText = NotEmpty(completionText, nameof(completionText));
            ListItemText = NotEmpty(listItemText, nameof(listItemText));
            ToolTip = NotEmpty(toolTip, nameof(toolTip));
            ResultType = resultType;
        }

        public string CompletionText { get; }

        public string ListItemText { get; }

        public CompletionResultType ResultType { get; }

        public string ToolTip { get; }

        private static string NotEmpty(string text, string name) => string.IsNullOrEmpty(text) ? throw new ArgumentException("Empty.", name) : text;
    }

    public enum CompletionResultType
    {
        Text,
        History,
        Command,
        ProviderItem,
        ProviderContainer,
        Property,
        Method,
        ParameterName,
        ParameterValue,
        Variable,
        Namespace,
        Type,
        Keyword,
        DynamicKeyword,
    }

    public interface IModuleAssemblyInitializer
    {
        void OnImport();
    }

    public interface IModuleAssemblyCleanup
    {
        void OnRemove(PSModuleInfo psModuleInfo);
    }

    public sealed class PSModuleInfo;
}

namespace System.Management.Automation.Language
{
    public abstract class Ast;

    public class CommandAst : Ast;
}
