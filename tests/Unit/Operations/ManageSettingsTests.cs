using System.Linq;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Operations;

public sealed class ManageSettingsTests : OperationTests
{
    [Fact]
    public void Every_setting_is_listed_with_its_default_and_what_it_does()
    {
        Assert.Equal(StoreSettings.All.Select(s => (s.Name, s.Default, true)), Bench.Services.Settings.List().Select(s => (s.Name, s.Value, s.IsDefault)));
        Assert.All(Bench.Services.Settings.List(), s => Assert.NotEmpty(s.Description));
    }

    [Fact]
    public void A_value_is_kept_in_its_proper_spelling_and_taken_back()
    {
        StoreSetting set = Bench.Services.Settings.Set("defaultkeystoretype", "pem");
        Assert.Equal(("DefaultKeystoreType", "Pem", false), (set.Name, set.Value, set.IsDefault));
        Assert.Equal("Pem", Bench.AnotherProcess().Settings.List().Single(s => s.Name == set.Name).Value);
        Assert.True(Bench.Services.Settings.Set("DefaultKeystoreType", null).IsDefault);
        Assert.Equal(0, Count("settings"));
        Assert.Equal(2, Bench.Audit().Count(a => a.Action == "SettingChanged" && a.SubjectName == "DefaultKeystoreType"));
    }

    [Theory]
    [InlineData("DefaultKeystoreType", "Floppy")]
    [InlineData("DefaultKeyLength", "many")]
    [InlineData("MaxManagedCertificates", "-1")]
    [InlineData("Colour", "blue")]
    public void A_value_or_a_name_that_makes_no_sense_is_refused(string name, string value) =>
        Refuses<InvalidRequestException>(ErrorIds.InvalidSetting, name, () => Bench.Services.Settings.Set(name, value));

    [Fact]
    public void Taking_back_a_setting_that_does_not_exist_is_refused_too() =>
        Refuses<InvalidRequestException>(ErrorIds.InvalidSetting, "Colour", () => Bench.Services.Settings.Set("Colour", null));
}
